package io.acclimate.adapt.worker;

import static io.acclimate.adapt.worker.FreshnessFixture.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.core.MiniBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which late mini-batches {@link Freshness} leaves out. */
class FreshnessLeftOutTest {
    private static final Duration LATE = Duration.ofMillis(5_001);
    private static final int ENOUGH = 16;

    private final Freshness freshness =
            new Freshness(new FreshnessSettings(Duration.ofSeconds(5)), () -> Duration.ofMillis(7));

    private static MiniBatch numbered(long sequence, Instant closed) {
        return FreshnessFixture.miniBatch("site", sequence, closed, closed);
    }

    private static long nobodyCounts() {
        throw new AssertionError("asked");
    }

    /** Learns from late mini-batches with the least effort, each of which takes so long besides its steps. */
    private void rounds(int count, Duration each) {
        for (int i = 0; i < count; i++) {
            assertThat(freshness.leavesOut(numbered(i, START), START.plus(LATE), () -> 0, FreshnessFixture::steps))
                    .isFalse();
            freshness.took(Effort.LEAST, each.plusSeconds(1), List.of(Duration.ofMillis(400), Duration.ofMillis(600)));
        }
    }

    /** How many of 6,000 late mini-batches are left out. */
    private long leftOut(long waiting) {
        return LongStream.range(0, 6_000)
                .filter(sequence -> freshness.leavesOut(
                        numbered(sequence, START), START.plus(LATE), () -> waiting, FreshnessFixture::steps))
                .count();
    }

    @Test
    void ofWhatWouldTakeThreeTimesAsLongAsThereIsTimeForTwoThirdsAreLeftOut() {
        rounds(ENOUGH, Duration.ofMillis(500));

        assertThat(leftOut(1_700)).isBetween(3_850L, 4_150L);
    }

    @Test
    void nothingIsLeftOutOfABurstThatTakesFiveMinutesAndNothingBeforeItIsLate() {
        rounds(ENOUGH, Duration.ofMillis(500));

        assertThat(leftOut(600)).isZero();
        assertThat(leftOut(601)).isPositive();
        for (int sequence = 0; sequence < 100; sequence++) {
            assertThat(freshness.leavesOut(
                            numbered(sequence, START),
                            START.plusSeconds(5),
                            FreshnessLeftOutTest::nobodyCounts,
                            FreshnessFixture::steps))
                    .isFalse();
        }
    }

    @Test
    void nothingIsLeftOutWithoutATarget() {
        Freshness without = new Freshness(FreshnessSettings.NONE, () -> Duration.ofMillis(7));
        for (int sequence = 0; sequence < 100; sequence++) {
            assertThat(without.leavesOut(
                            numbered(sequence, START),
                            START.plus(Duration.ofDays(1)),
                            FreshnessLeftOutTest::nobodyCounts,
                            FreshnessFixture::steps))
                    .isFalse();
            without.took(Effort.LEAST, Duration.ofSeconds(1), List.of());
        }
    }

    @Test
    void nothingIsLeftOutUntilEnoughRoundsOfTheLeastEffortHaveToldTheirTime() {
        rounds(ENOUGH - 1, Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            freshness.took(new Effort(8), Duration.ofHours(1), List.of());
        }
        assertThat(leftOut(10_000)).isZero();

        rounds(1, Duration.ofSeconds(1));
        assertThat(leftOut(10_000)).isPositive();
    }

    @Test
    void oneRoundInWhichTheMachineSleptLeavesNothingOut() {
        rounds(ENOUGH - 1, Duration.ofMillis(5));
        rounds(1, Duration.ofHours(8));

        assertThat(leftOut(10_000)).isZero();
    }

    @Test
    void aMiniBatchWithoutLabelsOrOfAPausedDomainIsNeverLeftOutAndItsTimeSaysNothing() {
        for (int i = 0; i < 100; i++) {
            assertThat(freshness.leavesOut(
                            numbered(i, START), START.plus(LATE), FreshnessLeftOutTest::nobodyCounts, effort -> 0))
                    .isFalse();
            freshness.took(Effort.LEAST, Duration.ofSeconds(1), List.of());
        }

        assertThat(leftOut(10_000)).isZero();
    }

    @Test
    void theFirstMiniBatchesOfAllDomainsAreNotLeftOutTogether() {
        rounds(ENOUGH, Duration.ofMillis(500));

        for (int sequence = 0; sequence < 4; sequence++) {
            long number = sequence;
            assertThat(LongStream.range(0, 300)
                            .mapToObj(each -> FreshnessFixture.miniBatch("site-" + each, number, START, START))
                            .filter(miniBatch -> !freshness.leavesOut(
                                    miniBatch, START.plus(LATE), () -> 1_700, FreshnessFixture::steps))
                            .count())
                    .as("domains of 300 whose mini-batch %d is kept", sequence)
                    .isBetween(70L, 130L);
        }
    }

    @Test
    void aTargetOfAThousandYearsIsOneThatNothingIsLateFor() {
        Freshness never = new Freshness(new FreshnessSettings(Duration.ofDays(365_000)), () -> Duration.ofMillis(7));
        for (int i = 0; i < ENOUGH; i++) {
            never.took(Effort.LEAST, Duration.ofSeconds(1), List.of());
        }

        assertThat(never.leavesOut(
                        numbered(0, START),
                        START.plus(LATE),
                        FreshnessLeftOutTest::nobodyCounts,
                        FreshnessFixture::steps))
                .isFalse();
        assertThat(never.effort(
                        numbered(0, START),
                        START.plus(LATE),
                        FreshnessFixture.NOBODY_IS_ASKED,
                        FreshnessFixture::steps))
                .isEqualTo(Effort.FULL);
    }

    @Test
    void whichMiniBatchesAreKeptSaysNothingOfWhichAreWatched() {
        rounds(ENOUGH, Duration.ofMillis(500));

        long watched = LongStream.range(0, 6_000)
                .filter(sequence -> !freshness.leavesOut(
                        numbered(sequence, START), START.plus(LATE), () -> 2_300, FreshnessFixture::steps))
                .filter(Effort.LEAST::watches)
                .count();

        assertThat(watched)
                .as("one of four are kept, and one of four of these watched")
                .isBetween(300L, 450L);
    }

    /**
     * How late the last of so many mini-batches is when more come and a round takes so long at the least effort. The share left out goes to
     * {@code shares}.
     */
    private Duration latenessAfter(int count, Duration interval, Duration round, List<Double> shares) {
        Instant free = START;
        Duration late = Duration.ZERO;
        int left = 0;
        for (int i = 0; i < count; i++) {
            Instant closed = START.plus(interval.multipliedBy(i));
            Instant now = free.isAfter(closed) ? free : closed;
            late = Duration.between(closed, now);
            long waiting = late.dividedBy(interval);
            if (freshness.leavesOut(numbered(i, closed), now, () -> waiting, FreshnessFixture::steps)) {
                left++;
                free = now.plusMillis(1);
            } else {
                freshness.took(Effort.LEAST, round, List.of());
                free = now.plus(round);
            }
        }
        shares.add(left / (double) count);
        return late;
    }

    @Test
    void labelsThatComeFourTimesFasterThanTheyCanBeScoredBecomeFiveMinutesOld() {
        Duration interval = Duration.ofMillis(100);
        List<Double> shares = new ArrayList<>();

        Duration early = latenessAfter(20_000, interval, Duration.ofMillis(400), shares);
        Duration late = latenessAfter(60_000, interval, Duration.ofMillis(400), shares);

        assertThat(early).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(6));
        assertThat(late).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(6));
        assertThat(shares.get(1)).isBetween(0.70, 0.80);
    }

    @Test
    void theLogSaysAtMostOnceAMinuteWhatIsLeftOutAndWhatHelps() {
        rounds(ENOUGH, Duration.ofMillis(500));
        List<String> lines;
        try (Warnings log = new Warnings(Freshness.class)) {
            assertThat(leftOut(60_000)).isGreaterThan(5_000);
            assertThat(log.lines()).hasSize(1);

            Instant later = START.plus(LATE).plusSeconds(60);
            for (int i = 0; i < 100; i++) {
                freshness.leavesOut(numbered(i, START), later, () -> 60_000, FreshnessFixture::steps);
            }
            lines = log.lines();
        }

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .startsWith("labels come faster than this machine can score them")
                .contains(
                        "60000 mini-batches",
                        "500 ms",
                        "one of 100",
                        "more instances",
                        "smaller network",
                        "fewer labels");
    }
}
