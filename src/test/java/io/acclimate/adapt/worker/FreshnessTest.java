package io.acclimate.adapt.worker;

import static io.acclimate.adapt.worker.FreshnessFixture.START;
import static io.acclimate.adapt.worker.FreshnessFixture.STEPS;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.core.MiniBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private Duration first = Duration.ofMillis(7);
    private final Freshness freshness = new Freshness(new FreshnessSettings(Duration.ofSeconds(5)), () -> first);

    private static MiniBatch closed(Instant opened, Instant closed) {
        return FreshnessFixture.miniBatch("site", 0, opened, closed);
    }

    private int halvings(MiniBatch batch, Duration behind, BooleanSupplier waiting) {
        return freshness
                .effort(batch, batch.closedAt().plus(behind), waiting, FreshnessFixture::steps)
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
                        FreshnessFixture.NOBODY_IS_ASKED,
                        FreshnessFixture::steps))
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

        assertThat(halvings(closed(START, START), Duration.ofMillis(357), FreshnessFixture.NOBODY_IS_ASKED))
                .isZero();
    }

    /** 32 steps of 0.3 s would take 9.6 s. */
    @Test
    void theStepsOfARoundMayTakeHalfOfTheTarget() {
        freshness.spent(List.of(Duration.ofMillis(300)));

        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessFixture.NOBODY_IS_ASKED))
                .as("8 steps take 2.4 s")
                .isEqualTo(2);
    }

    @Test
    void beforeTheFirstRoundTheTimeOfAStepIsMeasuredOnce() {
        first = Duration.ofMillis(300);
        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessFixture.NOBODY_IS_ASKED))
                .isEqualTo(2);

        first = Duration.ZERO;
        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessFixture.NOBODY_IS_ASKED))
                .isEqualTo(2);
    }

    @Test
    void nothingIsMeasuredForARoundWithoutSteps() {
        Freshness paused = new Freshness(FreshnessSettings.defaults(), () -> {
            throw new AssertionError("measured");
        });

        assertThat(paused.effort(closed(START, START), START, FreshnessFixture.NOBODY_IS_ASKED, effort -> 0))
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
        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessFixture.NOBODY_IS_ASKED))
                .isEqualTo(2);

        freshness.spent(List.of(Duration.ofMillis(75), Duration.ofMillis(75), Duration.ofSeconds(60)));

        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessFixture.NOBODY_IS_ASKED))
                .as("16 of √(300 · 75) = 150 ms")
                .isEqualTo(1);
    }

    @Test
    void aStepThatTookLongBecauseTheMachineSleptIsForgottenWithoutAnyOtherStep() {
        freshness.spent(List.of(Duration.ofHours(1)));
        int before = 9;
        for (int round = 0; round < 40; round++) {
            int halvings = halvings(closed(START, START), Duration.ZERO, FreshnessFixture.NOBODY_IS_ASKED);
            assertThat(halvings).as("round %d", round).isLessThanOrEqualTo(before);
            before = halvings;
            freshness.spent(List.of());
        }

        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessFixture.NOBODY_IS_ASKED))
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

        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessFixture.NOBODY_IS_ASKED))
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

        assertThat(halvings(closed(START, START), Duration.ZERO, FreshnessFixture.NOBODY_IS_ASKED))
                .isEqualTo(9);
    }
}
