package io.acclimate.adapt.worker;

import java.time.Duration;

/**
 * A partition that is not processed, because something failed that concerns it alone. After a pause it is tried again. Pauses
 * double with each failure that a broker answered, so that what fails slowly leaves the thread to the other partitions.
 *
 * @param cause what failed, and what an operator can do about it
 * @param pause until the next try
 * @param begun when the pause began, as {@code System.nanoTime}
 */
record Suspension(int partition, String cause, Duration pause, long begun) implements PartitionState {
    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(30);

    /** @param nanos now, as {@code System.nanoTime} */
    static Suspension first(int partition, String cause, long nanos) {
        return new Suspension(partition, cause, FIRST, nanos);
    }

    /** Waits for twice as long after one more failure. */
    Suspension backOff(String why, long nanos) {
        Duration doubled = pause.multipliedBy(2);
        return new Suspension(partition, why, doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST, nanos);
    }

    /** Waits as long as before: no broker answered, so the failure held nobody up. */
    Suspension retrySoon(String why, long nanos) {
        return new Suspension(partition, why, pause, nanos);
    }

    boolean isOver(long nanos) {
        return nanos - begun >= pause.toNanos();
    }
}
