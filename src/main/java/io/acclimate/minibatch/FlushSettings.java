package io.acclimate.minibatch;

import java.time.Duration;

/**
 * When a mini-batch is complete.
 *
 * @param maxSamples flushes a mini-batch of this many samples
 * @param maxBytes flushes before a mini-batch outgrows it; one larger image is sent alone
 * @param maxWait flushes this long after the first sample
 */
public record FlushSettings(int maxSamples, int maxBytes, Duration maxWait) {
    public FlushSettings {
        if (maxSamples < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "maxSamples and maxBytes are at least 1, got " + maxSamples + " and " + maxBytes);
        }
        if (maxWait.isNegative() || maxWait.isZero()) {
            throw new IllegalArgumentException("maxWait must be above 0, got " + maxWait);
        }
    }

    public static FlushSettings defaults() {
        return new FlushSettings(32, 700 << 10, Duration.ofSeconds(2));
    }
}
