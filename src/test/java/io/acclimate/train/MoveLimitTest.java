package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MoveLimitTest {
    private static final double SHARE = 0.005;

    @Test
    void aLongMoveIsShortenedToTheShareOfTheNormAndKeepsItsDirection() {
        float[] from = {3, 4};
        float[] to = {3 + 30, 4 - 40};

        MoveLimit.apply(from, to, 0.1);

        assertThat(to[0] - 3.0).isCloseTo(0.3, within(1e-6));
        assertThat(to[1] - 4.0).isCloseTo(-0.4, within(1e-6));
    }

    @Test
    void aShortMoveIsLeftAsItIs() {
        float[] from = {3, 4};
        float[] to = {3.01f, 4.02f};

        MoveLimit.apply(from, to, 0.1);

        assertThat(to).containsExactly(3.01f, 4.02f);
    }

    @Test
    void aTensorOfZerosCanLeaveZero() {
        float[] from = new float[100];
        float[] to = new float[100];
        to[7] = -5;

        MoveLimit.apply(from, to, 0.1);

        assertThat(to[7]).as("0.1 · 0.01 · √100").isCloseTo(-0.01f, within(1e-7f));
    }

    @ParameterizedTest
    @EnumSource(OptimizerSettings.Kind.class)
    void noStepOfAnAutomaticOptimiserMovesATensorFurther(OptimizerSettings.Kind kind) throws Exception {
        ModelGraph model = Networks.leNet();
        TrainSettings settings = TrainSettings.defaults()
                .withOptimizer(new OptimizerSettings(
                        kind, 100, 0.9, 1e-4, Double.POSITIVE_INFINITY, new OptimizerSettings.Moves(SHARE, 16, 0)));
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, settings)) {
            for (int i = 0; i < 3; i++) {
                WeightDelta before = trainer.weights();
                trainer.step(Networks.batch(model, 16, i), Optional.empty());

                assertThat(largestShare(before, trainer.weights())).isBetween(0.99 * SHARE, 1.01 * SHARE);
            }
        }
    }

    @Test
    void eachOfMoreLayersMovesLessInProportion() throws Exception {
        ModelGraph model = Networks.leNet();
        int layers = 5;
        TrainSettings settings = TrainSettings.defaults()
                .withOptimizer(new OptimizerSettings(
                        OptimizerSettings.Kind.SGD,
                        100,
                        0.9,
                        1e-4,
                        Double.POSITIVE_INFINITY,
                        new OptimizerSettings.Moves(SHARE, 2, 0)));

        assertThat(moved(model, settings, 1)).isCloseTo(SHARE * 2 / layers, within(1e-3 * SHARE));
        assertThat(moved(model, settings.withTrainable("head"), 1)).isCloseTo(SHARE, within(1e-3 * SHARE));
    }

    @ParameterizedTest
    @EnumSource(OptimizerSettings.Kind.class)
    void aStepOfHalfTheSizeMovesHalfAsFar(OptimizerSettings.Kind kind) throws Exception {
        ModelGraph model = Networks.leNet();
        TrainSettings settings = TrainSettings.defaults().withOptimizer(new OptimizerSettings(kind, 1e-3, 0.9, 0, 5));
        double whole = moved(model, settings, 1);

        double half = moved(model, settings, 0.5);

        assertThat(half).isCloseTo(whole / 2, within(1e-3 * whole));
    }

    private static double moved(ModelGraph model, TrainSettings settings, double scale) throws Exception {
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, settings)) {
            trainer.stepScale(scale);
            WeightDelta before = trainer.weights();
            trainer.step(Networks.batch(model, 16, 1), Optional.empty());
            return largestShare(before, trainer.weights());
        }
    }

    /** The largest distance of two states of a tensor, as a share of the tensor's size. */
    private static double largestShare(WeightDelta before, WeightDelta after) {
        double largest = 0;
        for (Map.Entry<String, FloatTensor> each : before.tensors().entrySet()) {
            float[] from = each.getValue().values();
            FloatTensor to = after.tensors().get(each.getKey());
            assertThat(to).isNotNull();
            double squares = 0;
            double moved = 0;
            for (int i = 0; i < from.length; i++) {
                squares += (double) from[i] * from[i];
                moved += Math.pow((double) to.values()[i] - from[i], 2);
            }
            largest = Math.max(largest, Math.sqrt(moved) / Math.max(Math.sqrt(squares), 0.01 * Math.sqrt(from.length)));
        }
        return largest;
    }
}
