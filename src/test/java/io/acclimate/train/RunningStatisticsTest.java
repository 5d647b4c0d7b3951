package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunningStatisticsTest {
    private static final TrainSettings NORM =
            TrainSettings.defaults().withTrainable("norm").withAverageDecay(0);

    /** Batch normalisation of the input itself, so that its statistics can be counted by hand. */
    private static ModelGraph normalised() {
        Random random = new Random(4);
        GraphBuilder graph = new GraphBuilder("normalised", 17)
                .input("x", Shape.of(3, 2, 2))
                .weight("scale", Networks.uniform(random, 0.5f, 1, 3))
                .weight("shift", Networks.uniform(random, -1, 1, 3))
                .weight("mean", Networks.uniform(random, 2, 3, 3))
                .weight("var", Networks.uniform(random, 4, 9, 3))
                .weight("w", Networks.uniform(random, -1, 1, 12, 4))
                .node("BatchNormalization", List.of("x", "scale", "shift", "mean", "var"), List.of("n"), Map.of())
                .node("Flatten", List.of("n"), List.of("flat"), Map.of())
                .node("MatMul", List.of("flat", "w"), List.of("y"), Map.of())
                .output("y", Shape.of(4));
        return Networks.graph("normalised", graph, "x", "y", ModelCard.OutputKind.LOGITS, 2, 4);
    }

    private static float value(WeightDelta delta, String name, int index) {
        return delta.tensors()
                .getOrDefault(name, FloatTensor.wrap(Shape.of(3), new float[3]))
                .values()[index];
    }

    @Test
    void meanAndVarianceMoveATenthOfTheWayToThoseOfTheTargetRows() throws Exception {
        ModelGraph model = normalised();
        WeightDelta base = WeightDelta.of(model.weights());
        LabelledBatch batch = Networks.batch(model, 5, 1);
        double sum = 0;
        double squares = 0;
        for (int row = 0; row < 5; row++) {
            for (int i = 4; i < 8; i++) {
                float x = batch.inputs().values()[row * 12 + i];
                sum += x;
                squares += (double) x * x;
            }
        }
        double mean = sum / 20;
        double variance = (squares - 20 * mean * mean) / 19;
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, NORM)) {
            trainer.step(batch, Optional.of(Networks.batch(model, 5, 2)));

            assertThat(trainer.trainable()).containsExactlyInAnyOrder("scale", "shift", "mean", "var");
            assertThat((double) value(trainer.weights(), "mean", 1))
                    .isCloseTo(0.9 * value(base, "mean", 1) + 0.1 * mean, within(1e-5));
            assertThat((double) value(trainer.weights(), "var", 1))
                    .isCloseTo(0.9 * value(base, "var", 1) + 0.1 * variance, within(1e-5));
            assertThat(trainer.prove(Networks.onnxRuntime(model, trainer.weights())))
                    .isLessThan(1e-5);
        }
    }

    @Test
    void aRestoreContinuesTheStatisticsBitForBit() throws Exception {
        ModelGraph model = Networks.residual("Relu");
        TrainSettings settings = NORM.withAverageDecay(0.9);
        try (Trainer straight = Trainer.open(model, WeightDelta.EMPTY, settings);
                Trainer stopped = Trainer.open(model, WeightDelta.EMPTY, settings);
                Trainer restored = Trainer.open(model, WeightDelta.EMPTY, settings)) {
            for (int i = 0; i < 6; i++) {
                straight.step(Networks.batch(model, 8, i), Optional.empty());
                if (i < 3) {
                    stopped.step(Networks.batch(model, 8, i), Optional.empty());
                }
            }
            restored.restore(stopped.weights(), stopped.average(), stopped.optimizerState(), stopped.steps());
            for (int i = 3; i < 6; i++) {
                restored.step(Networks.batch(model, 8, i), Optional.empty());
            }

            assertThat(restored.weights().digest()).isEqualTo(straight.weights().digest());
            assertThat(restored.average().digest()).isEqualTo(straight.average().digest());
            assertThat(straight.weights().tensors())
                    .containsKeys("a.mean", "b.var")
                    .doesNotContainKey("stem");
        }
    }

    @Test
    void statisticsStayFrozenInEveryOtherMode() throws Exception {
        ModelGraph model = normalised();
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, NORM.withTrainable("all"))) {
            trainer.step(Networks.batch(model, 5, 1), Optional.empty());
            assertThat(trainer.weights().tensors()).containsOnlyKeys("scale", "shift", "w");
        }
    }
}
