package io.acclimate.adapt.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EffortTest {
    private static final int USUAL = 7;

    private static long trained(Effort effort, int miniBatches) {
        SplitMix64 random = new SplitMix64(5);
        return IntStream.range(0, miniBatches)
                .filter(i -> effort.trains(USUAL, random))
                .count();
    }

    @Test
    void eachHalvingTakesHalfOfTheReplayedSteps() {
        List<Integer> steps = IntStream.rangeClosed(0, 4)
                .mapToObj(halvings -> new Effort(halvings).replayedSteps(USUAL))
                .toList();

        assertThat(steps).containsExactly(7, 3, 1, 0, 0);
    }

    @Test
    void miniBatchesAreLeftOutOnlyWhenNoReplayedStepIsLeftToSpare() {
        assertThat(trained(new Effort(3), 4000)).isEqualTo(4000);
        assertThat(trained(new Effort(4), 4000)).isBetween(1900L, 2100L);
        assertThat(trained(new Effort(6), 4000)).isBetween(430L, 570L);
    }

    @Test
    void theShareOfMiniBatchesThatStepsAreMadeForIsKnown() {
        assertThat(IntStream.rangeClosed(0, 6).map(halvings -> new Effort(halvings).trainsOneOf(USUAL)))
                .containsExactly(1, 1, 1, 1, 2, 4, 8);
        assertThat(new Effort(2).trainsOneOf(0)).as("without replayed steps").isEqualTo(4);
    }

    @Test
    void fullEffortDrawsNothing() {
        SplitMix64 random = new SplitMix64(5);

        boolean trains = Effort.FULL.trains(USUAL, random);

        assertThat(trains).isTrue();
        assertThat(random.state()).isEqualTo(new SplitMix64(5).state());
    }

    private static long watched(Effort effort, int every, int first) {
        return LongStream.range(0, 4000)
                .filter(i -> effort.watches(first + every * i))
                .count();
    }

    @Test
    void oneOfFourMiniBatchesIsWatchedAtLeast() {
        assertThat(watched(Effort.FULL, 1, 0)).isEqualTo(4000);
        assertThat(watched(new Effort(1), 1, 0)).isBetween(1900L, 2100L);
        assertThat(watched(new Effort(2), 1, 0)).isBetween(920L, 1080L);
        assertThat(watched(new Effort(9), 1, 0)).isBetween(920L, 1080L);
    }

    @Test
    void miniBatchesOfLabelsBetweenRecordsOfImagesAreWatchedAsOften() {
        assertThat(watched(new Effort(9), 2, 1)).as("odd numbers").isBetween(920L, 1080L);
        assertThat(watched(new Effort(9), 4, 3)).as("every fourth number").isBetween(920L, 1080L);
    }

    @Test
    void whatIsWatchedFollowsFromTheNumberAloneSinceRebuildsRepeatIt() {
        assertThat(LongStream.range(0, 16).filter(new Effort(9)::watches))
                .containsExactly(0L, 3L, 4L, 5L, 6L, 7L, 8L, 12L);
    }

    @Test
    void anEffortOutsideOfTheRangeIsRefused() {
        assertThatThrownBy(() -> new Effort(-1)).hasMessageContaining("0 to 9", "-1");
        assertThatThrownBy(() -> new Effort(11)).hasMessageContaining("0 to 9", "11");
    }

    @Test
    void beyondTheLeastEffortNothingIsSpent() {
        assertThat(Effort.LEFT_OUT.halvings()).isEqualTo(Effort.LEAST.halvings() + 1);
        assertThat(Effort.LEFT_OUT.isLeftOut()).isTrue();
        assertThat(Effort.LEAST.isLeftOut()).isFalse();
        assertThat(Effort.LEFT_OUT.share()).isZero();
        assertThat(new Effort(2).share()).isEqualTo(0.25);
    }
}
