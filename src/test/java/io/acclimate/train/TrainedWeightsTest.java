package io.acclimate.train;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.WeightDelta;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrainedWeightsTest {
    private static final TrainSettings PLAIN =
            TrainSettings.defaults().withOptimizer(optimizer(OptimizerSettings.Kind.SGD, Double.POSITIVE_INFINITY));

    private static OptimizerSettings optimizer(OptimizerSettings.Kind kind, double clip) {
        return new OptimizerSettings(kind, 0.1, 0, 0, clip);
    }

    private static FloatTensor floats(float... values) {
        return FloatTensor.wrap(Shape.of(values.length), values);
    }

    private static TrainedWeights weights(TrainSettings settings) {
        return new TrainedWeights(new TreeMap<>(Map.of("w", floats(1, 2))), settings, new RunningStatistics(List.of()));
    }

    private static Objective.Result step(double total, float... gradient) {
        double norm = 0;
        for (float each : gradient) {
            norm += (double) each * each;
        }
        StepReport report =
                new StepReport(total, total, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Math.sqrt(norm), false);
        return new Objective.Result(report, new TreeMap<>(Map.of("w", gradient)), new TreeMap<>(), new TreeMap<>());
    }

    private static float[] values(Map<String, FloatTensor> tensors) {
        return requireNonNull(tensors.get("w")).values();
    }

    @Test
    void aStepGoesDownTheGradientAndIsCounted() {
        TrainedWeights weights = weights(PLAIN);

        assertThat(weights.advance(step(1, 3, -4))).isTrue();

        assertThat(values(weights.weights())).containsExactly(new float[] {0.7f, 2.4f}, within(1e-6f));
        assertThat(weights.steps()).isEqualTo(1);
    }

    @Test
    void aGradientLongerThanTheClipIsShortenedToIt() {
        TrainedWeights weights = weights(PLAIN.withOptimizer(optimizer(OptimizerSettings.Kind.SGD, 1)));

        weights.advance(step(1, 3, -4));

        assertThat(values(weights.weights())).containsExactly(new float[] {1 - 0.06f, 2 + 0.08f}, within(1e-5f));
    }

    @Test
    void theAverageForgetsFastWhileItIsYoung() {
        TrainedWeights weights = weights(PLAIN.withAverageDecay(0.99));

        weights.advance(step(1, 10, 0));

        assertThat(values(weights.average()))
                .as("0.99/10 of 1 and the rest of 0")
                .containsExactly(new float[] {0.099f, 2}, within(1e-6f));
    }

    @Test
    void theDecayMakesADifferenceFromTheFirstStepOn() {
        TrainedWeights longer = weights(PLAIN.withAverageDecay(0.99));
        TrainedWeights shorter = weights(PLAIN.withAverageDecay(0.9));

        longer.advance(step(1, 10, 0));
        shorter.advance(step(1, 10, 0));

        assertThat(longer.average()).isNotEqualTo(shorter.average());
    }

    @Test
    void anAverageThatWasGivenAwayStaysAsItWas() {
        TrainedWeights weights = weights(PLAIN.withAverageDecay(0.99));
        weights.advance(step(1, 10, 0));
        Map<String, FloatTensor> given = weights.average();
        float[] then = values(given).clone();

        weights.advance(step(1, 10, 0));
        weights.advance(step(1, 10, 0));

        assertThat(values(given)).containsExactly(then);
        assertThat(values(weights.average())).isNotEqualTo(then);
    }

    @Test
    void anAverageIsTheSameWhetherOrNotItWasGivenAway() {
        TrainedWeights asked = weights(PLAIN.withAverageDecay(0.99));
        TrainedWeights alone = weights(PLAIN.withAverageDecay(0.99));

        for (int i = 0; i < 5; i++) {
            asked.advance(step(1, i, 1));
            alone.advance(step(1, i, 1));
            assertThat(asked.average()).hasSize(1);
        }

        assertThat(alone.average()).isEqualTo(asked.average());
    }

    /** Of a network whose weights are most of the heap, each array more would be one that the heap has no room for. */
    @Test
    void aStepMakesOneArrayOfEachTensor() {
        int size = 1 << 20;
        TrainedWeights weights = new TrainedWeights(
                new TreeMap<>(Map.of("w", FloatTensor.wrap(Shape.of(size), new float[size]))),
                PLAIN.withAverageDecay(0.99),
                new RunningStatistics(List.of()));
        weights.advance(step(1, new float[size]));
        float[] gradient = new float[size];
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();

        weights.advance(step(1, gradient));

        assertThat(thread.getCurrentThreadAllocatedBytes() - before)
                .as("the gradient becomes the momentum, and the average is changed where it is")
                .isBetween(4L * size, 5L * size);
    }

    @Test
    void anAverageWithoutDecayIsTheWeights() {
        TrainedWeights weights = weights(PLAIN.withAverageDecay(0));

        weights.advance(step(1, 10, 0));

        assertThat(weights.average()).isEqualTo(weights.weights());
    }

    @Test
    void whatIsNotFiniteChangesNothing() {
        TrainedWeights weights = weights(PLAIN);

        assertThat(weights.advance(step(Double.NaN, 1, 1))).isFalse();
        assertThat(weights.advance(step(1, Float.POSITIVE_INFINITY, 1))).isFalse();

        assertThat(values(weights.weights())).containsExactly(1, 2);
        assertThat(weights.steps()).isZero();
        assertThat(weights.state()).isEmpty();
    }

    @Test
    void aStateThatAFloatCannotHoldChangesNothing() {
        TrainedWeights weights =
                weights(PLAIN.withOptimizer(optimizer(OptimizerSettings.Kind.ADAMW, Double.POSITIVE_INFINITY)));

        assertThat(weights.advance(step(1, 1e30f, 1)))
                .as("its square is beyond float32")
                .isFalse();

        assertThat(values(weights.weights())).containsExactly(1, 2);
    }

    @Test
    void anotherLearningRateHoldsFromTheNextStepOn() {
        TrainedWeights weights = weights(PLAIN);

        weights.learningRate(0.5);
        weights.advance(step(1, 1, 0));

        assertThat(values(weights.weights())).containsExactly(0.5f, 2);
    }

    @Test
    void aRestoreTakesWeightsAverageStateAndSteps() {
        TrainedWeights weights = weights(PLAIN);

        weights.restore(
                WeightDelta.of(Map.of("w", floats(5, 6))),
                WeightDelta.of(Map.of("w", floats(7, 8))),
                WeightDelta.of(Map.of("momentum/w", floats(1, 1))),
                42);

        assertThat(values(weights.weights())).containsExactly(5, 6);
        assertThat(values(weights.average())).containsExactly(7, 8);
        assertThat(weights.state()).containsOnlyKeys("momentum/w");
        assertThat(weights.steps()).isEqualTo(42);
    }

    @Test
    void savedWeightsOfAnotherShapeAreRefusedByName() {
        TrainedWeights weights = weights(PLAIN);
        WeightDelta other = WeightDelta.of(Map.of("w", floats(5)));

        assertThatThrownBy(() -> weights.restore(other, other, WeightDelta.EMPTY, 1))
                .hasMessage("the saved weights have no 'w' of shape [2]");
    }
}
