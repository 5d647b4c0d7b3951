package io.acclimate.infer;

import io.acclimate.core.VersionId;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A session with a count of its borrowers. The count starts at one, for the opener, and the last release frees the native memory.
 * Closing a session while it runs kills the JVM, so nothing else may call a session's {@code close}.
 */
final class SharedSession {
    private final VersionId version;
    private final Scorer scorer;
    private final double temperature;
    private final LiveSessions live;
    private final AtomicInteger borrowers = new AtomicInteger(1);

    SharedSession(VersionId version, Scorer scorer, double temperature, LiveSessions live) {
        this.version = version;
        this.scorer = scorer;
        this.temperature = temperature;
        this.live = live;
        live.opened();
    }

    VersionId version() {
        return version;
    }

    Scorer scorer() {
        return scorer;
    }

    double temperature() {
        return temperature;
    }

    /** Returns false if the last borrower has released the session, which is then closed or about to be closed. */
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
