package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecordTimeTest {
    @Test
    void aTimeIsItself() {
        assertThat(RecordTime.millis(1_700_000_000_000L, 5)).isEqualTo(1_700_000_000_000L);
        assertThat(RecordTime.millis(0, 5)).isZero();
    }

    @Test
    void aRecordWithoutATimeHasTheOneForAbsent() {
        assertThat(RecordTime.millis(-1, 5)).isEqualTo(5);
    }

    @Test
    void noTimeIsBeyondWhatTheSchemasHold() {
        assertThat(Instant.ofEpochMilli(RecordTime.millis(Long.MAX_VALUE, 5)))
                .isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
    }
}
