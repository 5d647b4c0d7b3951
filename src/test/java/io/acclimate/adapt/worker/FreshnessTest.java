package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private static final Instant START = Instant.parse("2026-11-30T09:00:00Z");
    private static final LabelledSample SAMPLE = new LabelledSample(
            new ImageId("img"),
            0,
            "cat",
            new Payload(Bytes.utf8("png"), Optional.empty()),
            new Coordinates("labels", 0, 0),
            START);
    /** Steps of a round of full effort. */
    private static final double STEPS = 32;

    private Duration first = Duration.ofMillis(7);
    private final Freshness freshness = new Freshness(new FreshnessSettings(Duration.ofSeconds(5)), () -> first);

    private static boolean nobodyIsAsked() {
        throw new AssertionError("asked");
    }

    private static MiniBatch closed(Instant opened, Instant closed) {
        return new MiniBatch(new DomainId("site"), 0, MiniBatch.FlushCause.COUNT, List.of(SAMPLE), opened, closed);
    }

    private static double steps(Effort effort) {
        return STEPS / (1 << effort.halvings());
    }

    private int halvings(MiniBatch batch, Duration behind, BooleanSupplier waiting) {
        return freshness
                .effort(batch, batch.closedAt().plus(behind), waiting, FreshnessTest::steps)
                .halvings();
    }

    /** Of a mini-batch that was closed so long ago. */
    private int halvings(Duration behind, boolean waiting) {
        return halvings(closed(START, START), behind, () -> waiting);
    }

    /** The time that a mini-batch waits, when one comes every {@code interval} and its round at full effort takes {@code full}. */
    private Duration lagAfter(int miniBatches, Duration interval, Duration full) {
        Duration cost = Duration.ofMillis(8);
        Instant done = START;
        Duration behind = Duration.ZERO;
        for (int i = 0; i < miniBatches; i++) {
            Instant closed = START.plus(interval.multipliedBy(i));
            Instant begun = done.isAfter(closed) ? done : closed;
            behind = Duration.between(closed, begun);
            boolean late = behind.compareTo(interval) > 0;
            int halvings = halvings(closed(closed.minus(interval), closed), behind, () -> late);
            double steps = STEPS / (1 << halvings);
            Duration step = full.dividedBy((long) STEPS);
            freshness.spent(steps < 1 ? List.of() : Collections.nCopies((int) steps, step));
            done = begun.plus(cost).plus(Duration.ofNanos((long) (steps * step.toNanos())));
        }
        return behind;
    }

    @Test
    void aWorkerThatKeepsUpSpendsAllThatTheSettingsSay() {
        assertThat(halvings(Duration.ofMillis(357), true)).isZero();
    }

    @Test
    void eachFourteenthOfTheTargetHalvesTheEffort() {
        assertThat(halvings(Duration.ofMillis(358), true)).isEqualTo(1);
        assertThat(halvings(Duration.ofMillis(1_800), true)).isEqualTo(5);
        assertThat(halvings(Duration.ofHours(2), true)).isEqualTo(9);
    }

    @Test
    void hasteIsOfNoUseWhenNothingElseWaits() {
        assertThat(halvings(Duration.ofHours(2), false)).isZero();
    }

    @Test
    void withoutATargetTheEffortIsFull() {
        Freshness without = new Freshness(FreshnessSettings.NONE, () -> {
            throw new AssertionError("measured");
        });
        without.spent(List.of(Duration.ofHours(1)));

        assertThat(without.effort(
                        closed(START, START),
                        START.plus(Duration.ofHours(2)),
                        FreshnessTest::nobodyIsAsked,
                        FreshnessTest::steps))
                .isEqualTo(Effort.FULL);
    }

    @Test
    void aClockThatIsBehindTheBuffersClockIsNoReasonForHaste() {
        assertThat(halvings(Duration.ofSeconds(-3), true)).isZero();
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
        freshness.spent(List.of(Duration.ofMillis(7)));

        assertThat(halvings(closed(START, START), Duration.ofMillis(357), FreshnessTest::nobodyIsAsked))
                .isZero();
    }

    /** 32 steps of 0.3 s would take 9.6 s. */
    @Test
    void theStepsOfARoundMayTakeHalfOfTheTarget() {
        freshness.spent(List.of(Duration.ofMillis(300)));

        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessTest::nobodyIsAsked))
                .as("8 steps take 2.4 s")
                .isEqualTo(2);
    }

    @Test
    void beforeTheFirstRoundTheTimeOfAStepIsMeasuredOnce() {
        first = Duration.ofMillis(300);
        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessTest::nobodyIsAsked))
                .isEqualTo(2);

        first = Duration.ZERO;
        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessTest::nobodyIsAsked))
                .isEqualTo(2);
    }

    @Test
    void nothingIsMeasuredForARoundWithoutSteps() {
        Freshness paused = new Freshness(FreshnessSettings.defaults(), () -> {
            throw new AssertionError("measured");
        });

        assertThat(paused.effort(closed(START, START), START, FreshnessTest::nobodyIsAsked, effort -> 0))
                .isEqualTo(Effort.FULL);
    }

    @Test
    void aDomainWithALabelNowAndThenHasTheTimeUntilTheNext() {
        freshness.spent(List.of(Duration.ofMillis(300)));

        assertThat(halvings(closed(START.minusSeconds(10), START), Duration.ZERO, () -> false))
                .as("10 s to gather the mini-batch, and 9.6 s of steps")
                .isZero();
        Instant later = START.plusSeconds(5);
        assertThat(halvings(closed(later, later), Duration.ZERO, () -> false))
                .as("7.5 s on average")
                .isEqualTo(1);
    }

    @Test
    void aMiniBatchForWhichNoStepsAreMadeTakesNothingOfThatTime() {
        freshness.spent(List.of(Duration.ofMillis(300)));
        assertThat(halvings(closed(START, START), Duration.ZERO, () -> false)).isEqualTo(2);
        Instant withoutLabels = START.plusSeconds(59);
        assertThat(freshness.effort(closed(withoutLabels, withoutLabels), withoutLabels, () -> false, effort -> 0))
                .isEqualTo(Effort.FULL);

        Instant later = START.plusSeconds(60);
        assertThat(halvings(closed(later, later), Duration.ZERO, () -> false))
                .as("60 s since the steps before, and 9.6 s of steps")
                .isZero();
    }

    @Test
    void whereAnotherMiniBatchWaitsItDoesNotHaveThatTime() {
        freshness.spent(List.of(Duration.ofMillis(300)));

        assertThat(halvings(closed(START.minusSeconds(10), START), Duration.ZERO, () -> true))
                .isEqualTo(2);
    }

    @Test
    void theMoreCarefulOfTheTwoRulesHolds() {
        freshness.spent(List.of(Duration.ofMillis(300)));

        assertThat(halvings(Duration.ofMillis(1_800), true)).as("behind").isEqualTo(5);
        assertThat(halvings(Duration.ofMillis(358), true))
                .as("one step takes long")
                .isEqualTo(2);
        assertThat(halvings(Duration.ofHours(2), false)).as("the last one").isEqualTo(2);
    }

    @Test
    void theTimeOfAStepFollowsTheMedianOfEachRound() {
        first = Duration.ofMillis(300);
        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessTest::nobodyIsAsked))
                .isEqualTo(2);

        freshness.spent(List.of(Duration.ofMillis(75), Duration.ofMillis(75), Duration.ofSeconds(60)));

        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessTest::nobodyIsAsked))
                .as("16 of √(300 · 75) = 150 ms")
                .isEqualTo(1);
    }

    @Test
    void aStepThatTookLongBecauseTheMachineSleptIsForgottenWithoutAnyOtherStep() {
        freshness.spent(List.of(Duration.ofHours(1)));
        int before = 9;
        for (int round = 0; round < 40; round++) {
            int halvings = halvings(closed(START, START), Duration.ZERO, FreshnessTest::nobodyIsAsked);
            assertThat(halvings).as("round %d", round).isLessThanOrEqualTo(before);
            before = halvings;
            freshness.spent(List.of());
        }

        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessTest::nobodyIsAsked))
                .as("the hour has become 36 ms")
                .isZero();
    }

    @Test
    void aRoundThatMadeNoStepBecauseItWasLateSaysNothingOfTheTimeOfAStep() {
        freshness.spent(List.of(Duration.ofMillis(300)));
        for (int round = 0; round < 40; round++) {
            assertThat(halvings(Duration.ofHours(2), true)).isEqualTo(9);
            freshness.spent(List.of());
        }

        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessTest::nobodyIsAsked))
                .as("8 steps of 300 ms")
                .isEqualTo(2);
    }

    @Test
    void whatDomainsShareIsTheTimeFromOneMiniBatchToTheNextOfAny() {
        freshness.spent(List.of(Duration.ofMillis(300)));
        int last = 9;
        for (int i = 0; i < 20; i++) {
            Instant closed = START.plusSeconds(4L * i);
            last = halvings(closed(closed.minusSeconds(60), closed), Duration.ZERO, () -> false);
        }

        assertThat(last).as("4.8 s of steps and 4 s").isEqualTo(2);
    }

    @Test
    void aRoundWaitsForOthersForNoLongerThanHalvesNoEffort() {
        assertThat(halvings(freshness.patience(), true)).isZero();
        assertThat(freshness.patience()).isGreaterThan(Duration.ofMillis(357));
        assertThat(new Freshness(FreshnessSettings.NONE, () -> first).patience())
                .isZero();
    }

    @Test
    void theEffortIsHalvedNineTimesAtMost() {
        freshness.spent(List.of(Duration.ofHours(1)));

        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessTest::nobodyIsAsked))
                .isEqualTo(9);
    }

    private static final Duration LATE = Duration.ofMillis(5_001);
    private static final int ENOUGH = 16;

    private static MiniBatch numbered(long sequence, Instant closed) {
        return new MiniBatch(
                new DomainId("site"), sequence, MiniBatch.FlushCause.COUNT, List.of(SAMPLE), closed, closed);
    }

    private static long nobodyCounts() {
        throw new AssertionError("asked");
    }

    /** Learns from late mini-batches with the least effort, each of which takes so long besides its steps. */
    private void rounds(int count, Duration each) {
        for (int i = 0; i < count; i++) {
            assertThat(freshness.leavesOut(numbered(i, START), START.plus(LATE), () -> 0, FreshnessTest::steps))
                    .isFalse();
            freshness.took(Effort.LEAST, each.plusSeconds(1), List.of(Duration.ofMillis(400), Duration.ofMillis(600)));
        }
    }

    /** How many of 6,000 late mini-batches are left out. */
    private long leftOut(long waiting) {
        return LongStream.range(0, 6_000)
                .filter(sequence -> freshness.leavesOut(
                        numbered(sequence, START), START.plus(LATE), () -> waiting, FreshnessTest::steps))
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
                            FreshnessTest::nobodyCounts,
                            FreshnessTest::steps))
                    .isFalse();
        }
    }

    @Test
    void nothingIsLeftOutWithoutATarget() {
        Freshness without = new Freshness(FreshnessSettings.NONE, () -> first);
        for (int sequence = 0; sequence < 100; sequence++) {
            assertThat(without.leavesOut(
                            numbered(sequence, START),
                            START.plus(Duration.ofDays(1)),
                            FreshnessTest::nobodyCounts,
                            FreshnessTest::steps))
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
                            numbered(i, START), START.plus(LATE), FreshnessTest::nobodyCounts, effort -> 0))
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
                            .mapToObj(each -> new DomainId("site-" + each))
                            .filter(domain -> !freshness.leavesOut(
                                    new MiniBatch(
                                            domain, number, MiniBatch.FlushCause.COUNT, List.of(SAMPLE), START, START),
                                    START.plus(LATE),
                                    () -> 1_700,
                                    FreshnessTest::steps))
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
                        numbered(0, START), START.plus(LATE), FreshnessTest::nobodyCounts, FreshnessTest::steps))
                .isFalse();
        assertThat(never.effort(
                        numbered(0, START), START.plus(LATE), FreshnessTest::nobodyIsAsked, FreshnessTest::steps))
                .isEqualTo(Effort.FULL);
    }

    @Test
    void whichMiniBatchesAreKeptSaysNothingOfWhichAreWatched() {
        rounds(ENOUGH, Duration.ofMillis(500));

        long watched = LongStream.range(0, 6_000)
                .filter(sequence -> !freshness.leavesOut(
                        numbered(sequence, START), START.plus(LATE), () -> 2_300, FreshnessTest::steps))
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
            if (freshness.leavesOut(numbered(i, closed), now, () -> waiting, FreshnessTest::steps)) {
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
                freshness.leavesOut(numbered(i, START), later, () -> 60_000, FreshnessTest::steps);
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
