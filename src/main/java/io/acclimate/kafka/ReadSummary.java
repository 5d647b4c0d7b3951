package io.acclimate.kafka;

import java.time.Duration;

/**
 * What a bounded read came to.
 *
 * @param first the offset at which reading began: later than the range's own beginning when earlier records are not kept
 * @param records that were handed over
 * @param bytes of their keys and values
 */
public record ReadSummary(long first, long records, long bytes, Duration took) {
    public ReadSummary {
        if (first < 0 || records < 0 || bytes < 0 || took.isNegative()) {
            throw new IllegalArgumentException("a read has no negative figures, got offset " + first + ", " + records
                    + " records, " + bytes + " bytes and " + took);
        }
    }

    @Override
    public String toString() {
        return records + " records, " + bytes + " bytes in " + took.toMillis() + " ms";
    }
}
