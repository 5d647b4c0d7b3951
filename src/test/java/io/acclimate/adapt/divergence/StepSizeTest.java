package io.acclimate.adapt.divergence;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.RecordedSettings;
import io.acclimate.train.TrainSettings;
import io.acclimate.wire.v1.Checkpoint;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class StepSizeTest {
    private static final Optional<String> SIGN = Optional.of("sign");

    @Test
    void onlyTheSecondSignInARowIsDivergence() {
        StepSize size = new StepSize(AdaptSettings.defaults());
        assertThat(size.diverged(SIGN)).isFalse();

        assertThat(size.diverged(SIGN)).isTrue();
    }

    @Test
    void aGoodRoundInBetweenStartsTheCountAnew() {
        StepSize size = new StepSize(AdaptSettings.defaults());
        size.diverged(SIGN);
        size.diverged(Optional.empty());

        assertThat(size.diverged(SIGN)).isFalse();
    }

    @Test
    void stepsShrinkToAFloorAndPromotionsBringThemBack() {
        StepSize size = new StepSize(AdaptSettings.defaults());
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
        StepSize size = new StepSize(AdaptSettings.defaults());
        size.shrink(0.5);
        size.diverged(SIGN);
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        size.save(checkpoint);

        StepSize restored = new StepSize(AdaptSettings.defaults());
        restored.restore(checkpoint.build());

        assertThat(restored.scale()).isEqualTo(0.5);
        assertThat(restored.diverged(SIGN)).as("the second sign in a row").isTrue();
    }

    @Test
    void aCheckpointWithoutItMeansStepsAsSet() {
        StepSize size = new StepSize(AdaptSettings.defaults());
        size.shrink(0.5);

        size.restore(Checkpoint.getDefaultInstance());

        assertThat(size.scale()).isEqualTo(1);
    }

    @Test
    void stepsGrowWithoutAPromotionWhenManyRoundsInARowWereCalm() {
        StepSize size = new StepSize(AdaptSettings.defaults());
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
        StepSize size = new StepSize(AdaptSettings.defaults());
        size.diverged(SIGN);

        size.startAgain();

        assertThat(size.diverged(SIGN)).isFalse();
    }

    @Test
    void anotherLearningRateBeginsWithStepsAsLargeAsSet() {
        Checkpoint shrunk = shrunkUnder(rate(3));

        StepSize restored = new StepSize(rate(0.01));
        restored.restore(shrunk);

        assertThat(restored.scale()).isEqualTo(1);
        assertThat(restored.diverged(SIGN)).as("one sign was of the other rate").isFalse();
    }

    @Test
    void theSameRateWithoutItsBoundIsAnotherOne() {
        double automatic = AdaptSettings.defaults().train().optimizer().learningRate();

        StepSize restored = new StepSize(rate(automatic));
        restored.restore(shrunkUnder(AdaptSettings.defaults()));

        assertThat(restored.scale()).isEqualTo(1);
    }

    @Test
    void theSameLearningRateGoesOnWithItsSteps() {
        StepSize restored = new StepSize(rate(3));

        restored.restore(shrunkUnder(rate(3)));

        assertThat(restored.scale()).isEqualTo(0.5);
    }

    @Test
    void versionsOfBeforeTheRuleKeepTheScaleOfAnotherRate() {
        Map<String, String> recorded = RecordedSettings.of(rate(0.01));
        recorded.remove("scaleOfRate");

        StepSize restored = new StepSize(RecordedSettings.over(rate(0.01), recorded, new TreeSet<>()));
        restored.restore(shrunkUnder(rate(3)));

        assertThat(restored.scale()).isEqualTo(0.5);
    }

    private static Checkpoint shrunkUnder(AdaptSettings settings) {
        StepSize size = new StepSize(settings);
        size.shrink(0.5);
        size.diverged(SIGN);
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        size.save(checkpoint);
        return checkpoint.build();
    }

    private static AdaptSettings rate(double rate) {
        AdaptSettings defaults = AdaptSettings.defaults();
        TrainSettings train = defaults.train();
        return defaults.withTrain(train.withOptimizer(train.optimizer().withLearningRate(rate)));
    }
}
