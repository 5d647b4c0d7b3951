package io.acclimate.wire;

import java.time.Instant;

/** A record's timestamp, which its producer chose, as a time that the schemas can hold. */
public final class RecordTime {
    private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();

    private RecordTime() {}

    /** Milliseconds since 1970; {@code absent} for a record without a time, and the end of year 9999 for any beyond it. */
    public static long millis(long timestamp, long absent) {
        return timestamp < 0 ? absent : Math.min(timestamp, LAST);
    }
}
