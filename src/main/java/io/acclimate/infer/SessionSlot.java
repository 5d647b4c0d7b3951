package io.acclimate.infer;

import io.acclimate.core.VersionId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds the session of one served model. Borrowers take leases, and {@link #swap} exchanges the session atomically. Leases that were
 * taken before the swap stay on the old session, later ones are on the new session, and the last lease closes the old one. Any
 * thread.
 */
public final class SessionSlot implements AutoCloseable {
    private final LiveSessions live;
    /** Null before the first swap, after {@link #retire} and after {@link #close}. Written only under this object's lock. */
    private volatile @Nullable SharedSession current;

    /** Guarded by this object's lock. */
    private boolean closed;

    public SessionSlot(LiveSessions live) {
        this.live = live;
    }

    /** Returns a lease on the current session. The answer is empty if the slot holds no session. */
    public Optional<Lease> acquire() {
        while (true) {
            SharedSession seen = current;
            if (seen == null) {
                return Optional.empty();
            }
            if (seen.retain()) {
                return Optional.of(new Lease(seen));
            }
            // The session was swapped out and drained between the two reads, so the slot holds another one now.
        }
    }

    /** Serves {@code scorer} with the model's own probabilities. */
    public void swap(VersionId version, Scorer scorer) {
        swap(version, scorer, 1);
    }

    /**
     * Serves {@code scorer} from now on and owns it, even if this throws because the slot is closed.
     *
     * @param temperature of the version's probabilities
     */
    public void swap(VersionId version, Scorer scorer, double temperature) {
        SharedSession next = new SharedSession(version, scorer, temperature, live);
        if (!exchange(next)) {
            next.release();
            throw new IllegalStateException("the slot is closed, version " + version + " cannot be served");
        }
    }

    /** Empties the slot. The last lease closes the session. */
    public void retire() {
        exchange(null);
    }

    public Optional<VersionId> version() {
        return Optional.ofNullable(current).map(SharedSession::version);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        retire();
    }

    /** Returns false if the slot is closed and did not accept {@code next}. Native memory is freed outside of the lock. */
    private boolean exchange(@Nullable SharedSession next) {
        SharedSession old;
        synchronized (this) {
            if (closed && next != null) {
                return false;
            }
            old = current;
            current = next;
        }
        if (old != null) {
            old.release();
        }
        return true;
    }
}
