package io.acclimate.infer;

import io.acclimate.core.VersionId;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A session with a count of its borrowers. It starts with one, its opener; the last one to release frees the native memory.
 * Closing a session while it runs kills the JVM, so this count is the only way to a session's {@code close}.
 */
final class SharedSession {
    private final VersionId version;
    private final Scorer scorer;
    private final LiveSessions live;
    private final AtomicInteger borrowers = new AtomicInteger(1);

    SharedSession(VersionId version, Scorer scorer, LiveSessions live) {
        this.version = version;
        this.scorer = scorer;
        this.live = live;
        live.opened();
    }

    VersionId version() {
        return version;
    }

    Scorer scorer() {
        return scorer;
    }

    /** False when the last borrower has gone already: the session is closed or about to be. */
    boolean retain() {
        int seen = borrowers.get();
        while (seen > 0) {
            int witness = borrowers.compareAndExchange(seen, seen + 1);
            if (witness == seen) {
                return true;
            }
            seen = witness;
        }
        return false;
    }

    void release() {
        int left = borrowers.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("session of " + version + " was released more often than borrowed");
        }
        if (left == 0) {
            try {
                scorer.close();
            } finally {
                live.closed();
            }
        }
    }
}
