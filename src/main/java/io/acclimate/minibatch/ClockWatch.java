package io.acclimate.minibatch;

/**
 * Notices that the wall clock was set back. What waits in a store outlives its process, so its wait is counted by the wall clock; when
 * that goes back by an hour, an unnoticed wait would last an hour longer. One thread.
 */
final class ClockWatch {
    private long latestMillis;

    ClockWatch(long nowMillis) {
        this.latestMillis = nowMillis;
    }

    /** True when {@code nowMillis} is earlier than the time that was given last. */
    boolean wentBack(long nowMillis) {
        boolean back = nowMillis < latestMillis;
        latestMillis = nowMillis;
        return back;
    }

    /** The time that was given last. */
    long latestMillis() {
        return latestMillis;
    }
}
