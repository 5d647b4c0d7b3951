package io.acclimate.infer;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A counted borrow of a session. The version's native memory is kept while the lease is open. Closing it twice has no effect. */
public final class Lease implements AutoCloseable {
    private final SharedSession session;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Lease(SharedSession session) {
        this.session = session;
    }

    /** The version that answers every {@link #run} of this lease. */
    public VersionId version() {
        return session.version();
    }

    /** The card of that version, which names its classes. */
    public ModelCard card() {
        return session.scorer().card();
    }

    /** What divides that version's logits before they become probabilities. */
    public double temperature() {
        return session.temperature();
    }

    /** Takes {@code [rows, …] float32} and returns the model's raw output {@code [rows, classes] float32}. */
    public FloatTensor run(FloatTensor batch) {
        return scorer().run(batch);
    }

    /** The same of rows {@code [d1, …]} that are not joined yet; one at least. */
    public FloatTensor run(List<? extends ModelInput.Row> rows) {
        return scorer().run(rows);
    }

    /**
     * Runs one row of those that the version ran before it was served. Whatever fails now is not the fault of a row.
     *
     * @throws InvalidModelException if that fails; the message says how
     */
    public void dryRun() throws InvalidModelException {
        WarmUp.run(scorer(), card());
    }

    private Scorer scorer() {
        if (!open.get()) {
            throw new IllegalStateException("the lease on " + session.version() + " is closed");
        }
        return session.scorer();
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            session.release();
        }
    }
}
