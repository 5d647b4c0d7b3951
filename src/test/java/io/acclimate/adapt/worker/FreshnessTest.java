package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.settings.FreshnessSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private final Freshness freshness = new Freshness(new FreshnessSettings(Duration.ofSeconds(5)));

    /** The time that a mini-batch waits, when one comes every {@code interval} and its round at full effort takes {@code full}. */
    private Duration lagAfter(int miniBatches, Duration interval, Duration full) {
        Duration cost = Duration.ofMillis(8);
        Duration done = Duration.ZERO;
        Duration behind = Duration.ZERO;
        for (int i = 0; i < miniBatches; i++) {
            Duration closed = interval.multipliedBy(i);
            Duration begun = done.compareTo(closed) > 0 ? done : closed;
            behind = begun.minus(closed);
            boolean late = behind.compareTo(interval) > 0;
            int halvings = freshness.effort(behind, () -> late).halvings();
            done = begun.plus(cost).plus(full.dividedBy(1L << halvings));
        }
        return behind;
    }

    @Test
    void aWorkerThatKeepsUpSpendsAllThatTheSettingsSay() {
        assertThat(freshness.effort(Duration.ofMillis(357), () -> true)).isEqualTo(Effort.FULL);
    }

    @Test
    void eachFourteenthOfTheTargetHalvesTheEffort() {
        assertThat(freshness.effort(Duration.ofMillis(358), () -> true)).isEqualTo(new Effort(1));
        assertThat(freshness.effort(Duration.ofMillis(1_800), () -> true)).isEqualTo(new Effort(5));
        assertThat(freshness.effort(Duration.ofHours(2), () -> true)).isEqualTo(new Effort(9));
    }

    @Test
    void hasteIsOfNoUseWhenNothingElseWaits() {
        assertThat(freshness.effort(Duration.ofHours(2), () -> false)).isEqualTo(Effort.FULL);
    }

    @Test
    void withoutATargetTheEffortIsFull() {
        assertThat(new Freshness(FreshnessSettings.NONE).effort(Duration.ofHours(2), () -> true))
                .isEqualTo(Effort.FULL);
    }

    @Test
    void aClockThatIsBehindTheBuffersClockIsNoReasonForHaste() {
        assertThat(freshness.effort(Duration.ofSeconds(-3), () -> true)).isEqualTo(Effort.FULL);
    }

    @Test
    void labelsThatComeTenTimesFasterThanFullEffortAllowsDoNotPileUp() {
        Duration interval = Duration.ofMillis(40);
        Duration full = Duration.ofMillis(400);

        Duration early = lagAfter(500, interval, full);
        Duration late = lagAfter(5_000, interval, full);

        assertThat(late).isLessThan(Duration.ofSeconds(3)).isLessThan(early.plusMillis(500));
    }

    @Test
    void nobodyIsAskedWhatWaitsWhileTheWorkerKeepsUp() {
        assertThat(freshness.effort(Duration.ofMillis(357), () -> {
                    throw new AssertionError("asked");
                }))
                .isEqualTo(Effort.FULL);
    }
}
