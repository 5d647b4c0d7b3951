package io.acclimate.infer;

import io.acclimate.core.VersionId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The place of one served model. Borrowers take leases; {@link #swap} exchanges the session atomically: leases taken before
 * stay on the old one, leases taken after are on the new one, and the old one is closed by its last lease (drain, retire).
 * Any thread.
 */
public final class SessionSlot implements AutoCloseable {
    private final LiveSessions live;
    /** Null until the first swap, after {@link #retire} and after {@link #close}. Written under this object's lock only. */
    private volatile @Nullable SharedSession current;

    /** Guarded by this object's lock. */
    private boolean closed;

    public SessionSlot(LiveSessions live) {
        this.live = live;
    }

    /** Empty when the slot holds no session. */
    public Optional<Lease> acquire() {
        while (true) {
            SharedSession seen = current;
            if (seen == null) {
                return Optional.empty();
            }
            if (seen.retain()) {
                return Optional.of(new Lease(seen));
            }
            // It was swapped out and drained between the two reads, so the slot holds another one by now.
        }
    }

    /** Takes ownership of {@code scorer}, also when it throws because the slot is closed. */
    public void swap(VersionId version, Scorer scorer) {
        SharedSession next = new SharedSession(version, scorer, live);
        if (!exchange(next)) {
            next.release();
            throw new IllegalStateException("the slot is closed, version " + version + " cannot be served");
        }
    }

    /** Empties the slot; its session is closed by the last lease. */
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

    /** False when the slot is closed and {@code next} was not taken. Native memory is freed outside the lock. */
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
