package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.infer.FeatureSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.PrefixGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LaterLayersTest {
    private static final String FIRST = "stem";

    private final ModelGraph model = Networks.residual("Relu");
    private final TrainSettings settings = TrainSettings.defaults();

    private int open;

    /** ONNX Runtime, which counts what it has open. */
    private PrefixRuntime.Features runtime(PrefixGraph prefix) throws InvalidModelException {
        FeatureSession session = FeatureSession.open(prefix, SessionSettings.defaults());
        open++;
        return new PrefixRuntime.Features() {
            @Override
            public FloatTensor of(FloatTensor batch) {
                return session.run(batch);
            }

            @Override
            public void close() {
                open--;
                session.close();
            }
        };
    }

    private LabelledBatch target(int seed) {
        return Networks.batch(model, 8, seed);
    }

    private Optional<LabelledBatch> answered(int seed) {
        LabelledBatch rows = Networks.batch(model, 4, seed);
        int classes = model.card().classes().count();
        return Optional.of(new LabelledBatch(
                rows.inputs(),
                rows.classes(),
                Optional.of(FloatTensor.wrap(Shape.of(4, classes), new float[4 * classes]))));
    }

    private static FloatTensor tensor(WeightDelta weights, String name) {
        return Objects.requireNonNull(weights.tensors().get(name), name);
    }

    @Test
    void aLaterStepLeavesTheFirstLayerAndChangesTheOthersAsAWholeStepDoes() throws Exception {
        try (Trainer light = Trainer.open(model, WeightDelta.EMPTY, settings, Optional.of(this::runtime));
                Trainer whole = Trainer.open(model, WeightDelta.EMPTY, settings, Optional.of(this::runtime))) {
            light.step(target(1), answered(2));
            whole.step(target(1), answered(2));
            WeightDelta before = light.weights();

            StepReport one = light.laterStep(target(3), answered(4));
            StepReport other = whole.step(target(3), answered(4));

            assertThat(one.total()).as("the loss is the same").isCloseTo(other.total(), within(1e-4));
            Set<String> same = new TreeSet<>(before.tensors().keySet());
            same.removeIf(name -> !tensor(before, name).equals(tensor(light.weights(), name)));
            assertThat(same).as("what has not changed").containsExactly(FIRST);
            light.weights().tensors().forEach((name, tensor) -> {
                if (!name.equals(FIRST)) {
                    assertThat(tensor.values())
                            .as(name)
                            .containsExactly(tensor(whole.weights(), name).values(), within(1e-4f));
                }
            });
        }
    }

    @Test
    void laterStepsGoByTheFirstLayerThatStepsBetweenThemMade() throws Exception {
        try (Trainer mixed = Trainer.open(model, WeightDelta.EMPTY, settings, Optional.of(this::runtime));
                Trainer restored = Trainer.open(model, WeightDelta.EMPTY, settings, Optional.of(this::runtime))) {
            for (int i = 0; i < 4; i++) {
                mixed.laterStep(target(i), answered(10 + i));
                mixed.step(target(i), answered(20 + i));
            }
            restored.restore(mixed.weights(), mixed.average(), mixed.optimizerState(), mixed.steps());

            double loss = mixed.laterStep(target(5), answered(6)).total();

            assertThat(restored.laterStep(target(5), answered(6)).total())
                    .as("a restart gives the same bits")
                    .isEqualTo(loss);
            assertThat(restored.weights()).isEqualTo(mixed.weights());
            assertThat(restored.average()).isEqualTo(mixed.average());
            assertThat(restored.optimizerState()).isEqualTo(mixed.optimizerState());
            assertThat(open).as("one first layer of each trainer").isEqualTo(2);
        }
        assertThat(open).isZero();
    }

    /** Such memory is free only when the collector finds its owner dead, which may have become old. */
    @Test
    void laterStepsTakeTheWeightsWhereWholeStepsTakeThem() throws Exception {
        ModelGraph large = Networks.large();
        FloatTensor answers = FloatTensor.wrap(Shape.of(2, 4), new float[8]);
        try (Trainer trainer = Trainer.open(large, WeightDelta.EMPTY, settings, Optional.of(this::runtime))) {
            long before = Networks.directBytes();
            for (int i = 0; i < 5; i++) {
                LabelledBatch rows = Networks.batch(large, 2, i);
                Optional<LabelledBatch> source =
                        Optional.of(new LabelledBatch(rows.inputs(), rows.classes(), Optional.of(answers)));
                trainer.step(rows, source);
                WeightDelta whole = trainer.weights();
                trainer.laterStep(rows, source);
                assertThat(tensor(trainer.weights(), "a")).isEqualTo(tensor(whole, "a"));
                assertThat(tensor(trainer.weights(), "b")).isNotEqualTo(tensor(whole, "b"));
            }

            assertThat(Networks.directBytes() - before).isLessThan(2L * Float.BYTES * Networks.LARGE);
        }
    }

    @Test
    void aLaterStepIsAWholeOneWhereTheSourceModelMustBeAsked() throws Exception {
        Optional<LabelledBatch> unanswered = Optional.of(Networks.batch(model, 4, 2));
        try (Trainer light = Trainer.open(model, WeightDelta.EMPTY, settings, Optional.of(this::runtime));
                Trainer whole = Trainer.open(model, WeightDelta.EMPTY, settings)) {
            light.laterStep(target(1), unanswered);
            whole.step(target(1), unanswered);

            assertThat(light.weights()).isEqualTo(whole.weights());
        }
    }
}
