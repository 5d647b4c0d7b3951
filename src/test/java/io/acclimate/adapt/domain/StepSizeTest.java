package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.wire.v1.Checkpoint;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepSizeTest {
    private static final Optional<String> SIGN = Optional.of("sign");

    @Test
    void onlyTheSecondSignInARowIsDivergence() {
        StepSize size = new StepSize();
        assertThat(size.diverged(SIGN)).isFalse();

        assertThat(size.diverged(SIGN)).isTrue();
    }

    @Test
    void aGoodRoundInBetweenStartsTheCountAnew() {
        StepSize size = new StepSize();
        size.diverged(SIGN);
        size.diverged(Optional.empty());

        assertThat(size.diverged(SIGN)).isFalse();
    }

    @Test
    void stepsShrinkToAFloorAndPromotionsBringThemBack() {
        StepSize size = new StepSize();
        for (int i = 0; i < 100; i++) {
            size.shrink(0.5);
        }
        assertThat(size.scale()).isEqualTo(StepSize.SMALLEST);

        for (int i = 0; i < 30; i++) {
            size.grow();
        }

        assertThat(size.scale()).isEqualTo(1);
    }

    @Test
    void aCheckpointKeepsSizeAndCount() {
        StepSize size = new StepSize();
        size.shrink(0.5);
        size.diverged(SIGN);
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        size.save(checkpoint);

        StepSize restored = new StepSize();
        restored.restore(checkpoint.build());

        assertThat(restored.scale()).isEqualTo(0.5);
        assertThat(restored.diverged(SIGN)).as("the second sign in a row").isTrue();
    }

    @Test
    void aCheckpointWithoutItMeansStepsAsSet() {
        StepSize size = new StepSize();
        size.shrink(0.5);

        size.restore(Checkpoint.getDefaultInstance());

        assertThat(size.scale()).isEqualTo(1);
    }

    @Test
    void stepsGrowWithoutAPromotionWhenManyRoundsInARowWereCalm() {
        StepSize size = new StepSize();
        size.shrink(0.5);
        for (int i = 1; i < StepSize.CALM_ROUNDS; i++) {
            size.diverged(Optional.empty());
        }
        assertThat(size.scale()).isEqualTo(0.5);

        size.diverged(Optional.empty());

        assertThat(size.scale()).isEqualTo(0.625);
    }

    @Test
    void aRestartForAnotherReasonStartsTheCountsAnew() {
        StepSize size = new StepSize();
        size.diverged(SIGN);

        size.startAgain();

        assertThat(size.diverged(SIGN)).isFalse();
    }
}
