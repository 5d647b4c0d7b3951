package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspensionTest {
    private static final long BEGUN = Long.MAX_VALUE - 5;

    @Test
    void pausesDoubleUpToHalfAMinuteAndStayAsTheyAreWhileNoBrokerAnswers() {
        Suspension suspension = Suspension.first(3, "denied", 0);
        List<Long> seconds = new ArrayList<>();

        for (int failure = 0; failure < 7; failure++) {
            seconds.add(suspension.pause().toSeconds());
            suspension = suspension.retrySoon("no answer", 0).backOff("denied", 0);
        }

        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
        assertThat(suspension.partition()).isEqualTo(3);
    }

    @Test
    void isOverAfterThePauseEvenWhereTheClockRunsOverItsEnd() {
        Suspension suspension = Suspension.first(3, "denied", BEGUN);
        long after = BEGUN + Duration.ofSeconds(1).toNanos();

        assertThat(suspension.isOver(after - 1)).isFalse();
        assertThat(suspension.isOver(after)).isTrue();
    }

    @Test
    void saysTheLatestCause() {
        Suspension suspension =
                Suspension.first(3, "denied", 0).backOff("damaged", 5).retrySoon("no answer", 9);

        assertThat(suspension).isEqualTo(new Suspension(3, "no answer", Duration.ofSeconds(2), 9));
    }
}
