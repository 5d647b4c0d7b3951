package io.acclimate.infer;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.card.ModelCard;
import java.util.concurrent.atomic.AtomicBoolean;

/** A counted borrow of a session: as long as it is open, its version's native memory stays. Close it once; again is ignored. */
public final class Lease implements AutoCloseable {
    private final SharedSession session;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Lease(SharedSession session) {
        this.session = session;
    }

    /** The one version that answers {@link #run} during this lease. */
    public VersionId version() {
        return session.version();
    }

    /** Names the classes of that version. */
    public ModelCard card() {
        return session.scorer().card();
    }

    /** From {@code [rows, …] float32} to {@code [rows, classes] float32}, as the model gives it. */
    public FloatTensor run(FloatTensor batch) {
        if (!open.get()) {
            throw new IllegalStateException("the lease on " + session.version() + " is closed");
        }
        return session.scorer().run(batch);
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            session.release();
        }
    }
}
