package io.acclimate.harness;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Waits as long as work goes on. How long a whole storm takes to settle is decided by what else the machine does, so a fixed time for it fails
 * where nothing is lost; that nothing at all is done for a long time has no other reason than a fault. What is waited for counts down, and so
 * ends, or its caller sets an end: each new low begins the time anew, and no other change does. One thread.
 */
final class Patience {
    private final long stallNanos;
    private final LongSupplier nanos;
    private long lowest = Long.MAX_VALUE;
    private long since;

    /** @param stall without a new low, after which nothing is waited for any more */
    Patience(Duration stall) {
        this(stall, System::nanoTime);
    }

    /** @param nanos the clock */
    Patience(Duration stall, LongSupplier nanos) {
        this.stallNanos = stall.toNanos();
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /**
     * Whether it is worth to look again.
     *
     * @param left of what is waited for
     */
    boolean lasts(long left) {
        if (left < lowest) {
            lowest = left;
            since = nanos.getAsLong();
        }
        return nanos.getAsLong() - since < stallNanos;
    }
}
