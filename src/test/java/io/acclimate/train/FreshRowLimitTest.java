package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.rewrite.FreshRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreshRowLimitTest {
    /** Two trained rows of norm 5, and a fresh one. */
    private static final float[] START = {3, 4, -3, 4, 0, 4};

    private static FreshRowLimit limit(Shape shape, int axis) {
        return new FreshRowLimit(FloatTensor.wrap(shape, START.clone()), axis, Set.of(2));
    }

    @Test
    void aFreshRowMovesByAShareOfATrainedRowAndTheOthersByTheirOwn() {
        float[] to = {13, 4, -3, 4, 10, 4};

        limit(Shape.of(3, 2), 0).apply(START, to, 0.01, 0.1);

        assertThat(to[4]).as("0.1 · 5").isCloseTo(0.5f, within(1e-6f));
        assertThat(to[0] - 3).as("0.01 · √50").isCloseTo(0.0707f, within(1e-4f));
    }

    @Test
    void classesMayBeOnTheLastAxis() {
        float[] start = {3, -3, 0, 4, 4, 4};
        float[] to = {13, -3, 10, 4, 4, 4};

        new FreshRowLimit(FloatTensor.wrap(Shape.of(2, 3), start.clone()), 1, Set.of(2)).apply(start, to, 0.01, 0.1);

        assertThat(to[2]).isCloseTo(0.5f, within(1e-6f));
        assertThat(to[0] - 3).isCloseTo(0.0707f, within(1e-4f));
    }

    @Test
    void aRowThatIsFarFromItsBeginningSharesTheBoundOfTheOthers() {
        float[] from = {3, 4, -3, 4, 5.1f, 4};
        float[] to = {3, 4, -3, 4, 15.1f, 4};

        limit(Shape.of(3, 2), 0).apply(from, to, 0.01, 0.1);

        double norm = Math.sqrt(50 + 5.1 * 5.1 + 16);
        assertThat((double) to[4] - from[4]).isCloseTo(0.01 * norm, within(1e-4));
    }

    @Test
    void aShortMoveIsLeftAsItIs() {
        float[] to = {3.001f, 4, -3, 4, 0.4f, 4};

        limit(Shape.of(3, 2), 0).apply(START, to, 0.01, 0.1);

        assertThat(to).containsExactly(3.001f, 4, -3, 4, 0.4f, 4);
    }

    @Test
    void withoutATrainedRowTheFirstValuesGiveTheMeasure() {
        float[] to = {13, 4, -3, 4, 0, 4};

        new FreshRowLimit(FloatTensor.wrap(Shape.of(3, 2), START.clone()), 0, Set.of(0, 1, 2))
                .apply(START, to, 0.01, 0.1);

        assertThat((double) to[0] - 3).as("of √((25 + 25 + 16) / 3)").isCloseTo(0.1 * Math.sqrt(22), within(1e-5));
    }

    @Test
    void aNewClassIsLearntInAThirdOfTheSteps() throws Exception {
        OptimizerSettings defaults = OptimizerSettings.defaults();
        OptimizerSettings asBefore = defaults.withFreshMove(0);
        int before = stepsUntilLearnt(asBefore);

        int steps = stepsUntilLearnt(defaults);

        assertThat(steps).isPositive().isLessThan(before / 3);
    }

    /** Only the last layer is trained, on one row that belongs to a class that the model lacked. */
    private static int stepsUntilLearnt(OptimizerSettings optimizer) throws Exception {
        ModelGraph known = Networks.leNet();
        List<String> names = new ArrayList<>(known.card().classes().names());
        names.add("fox");
        ModelGraph model = known.withClasses(new ClassNames(names), new FreshRows.MeanOfKept());
        LabelledBatch batch = new LabelledBatch(Networks.batch(model, 1, 3).inputs(), List.of(names.size() - 1));
        TrainSettings settings = TrainSettings.defaults().withTrainable("head").withOptimizer(optimizer);
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, settings)) {
            int steps = 0;
            while (best(trainer.outputs(batch.inputs())) != names.size() - 1) {
                assertThat(steps++).as("steps").isLessThan(2000);
                trainer.step(batch, Optional.empty());
            }
            return steps;
        }
    }

    private static int best(FloatTensor scores) {
        int best = 0;
        for (int i = 0; i < scores.values().length; i++) {
            best = scores.values()[i] > scores.values()[best] ? i : best;
        }
        return best;
    }
}
