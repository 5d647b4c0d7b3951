package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class TrainerTest {
    private static final TrainSettings PLAIN = TrainSettings.defaults()
            .withOptimizer(new OptimizerSettings(OptimizerSettings.Kind.SGD, 1, 0, 0, Double.POSITIVE_INFINITY))
            .withAverageDecay(0);
    /** Shorter than a step. */
    private static final Duration BETWEEN_COLLECTIONS = Duration.ofMillis(2);

    @Test
    void leNetEqualsOnnxRuntimeBeforeAndAfterTraining() throws Exception {
        ModelGraph model = Networks.leNet();
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, TrainSettings.defaults())) {
            assertThat(trainer.prove(Networks.onnxRuntime(model, WeightDelta.EMPTY)))
                    .isLessThan(1e-5);
            trainer.step(Networks.batch(model, 16, 1), Optional.empty());
            assertThat(trainer.prove(Networks.onnxRuntime(model, trainer.weights())))
                    .isLessThan(1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Relu", "Tanh", "HardSwish", "LeakyRelu", "Elu", "Selu", "Softplus"})
    void residualNetworkEqualsOnnxRuntimeAndItsLossIsTakenBeforeSoftmax(String activation) throws Exception {
        ModelGraph model = Networks.residual(activation);
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, TrainSettings.defaults())) {
            assertThat(trainer.prove(Networks.onnxRuntime(model, WeightDelta.EMPTY)))
                    .isLessThan(1e-5);
            assertThat(trainer.trainable()).contains("a.scale", "head.b").doesNotContain("a.mean", "b.var");
            FloatTensor logits = trainer.logits(trainer.probe());
            assertThat(logits).isNotEqualTo(trainer.outputs(trainer.probe()));
        }
    }

    @ParameterizedTest
    @CsvSource({"CORAL,LABELS", "MMD,ANSWERS"})
    void gradientsEqualFiniteDifferencesOfTheWholeLoss(LossTerms.Align align, LossTerms.SourceLoss sourceLoss)
            throws Exception {
        ModelGraph model = Networks.residual("Tanh");
        LabelledBatch target = Networks.batch(model, 5, 2);
        Optional<LabelledBatch> source = Optional.of(Networks.batch(model, 4, 3));
        TrainSettings settings = PLAIN.withTerms(
                new LossTerms(0.7, align == LossTerms.Align.CORAL ? 20 : 2, align, "r1", 0.05, 0.4, sourceLoss));
        Random random = new Random(5);
        WeightDelta start = moved(model, random);
        try (Trainer trainer = Trainer.open(model, start, settings)) {
            StepReport report = trainer.step(target, source);
            assertThat(report.losses())
                    .containsOnlyKeys("total", "target", "source", "align", "l2sp", "distill")
                    .allSatisfy((term, value) -> assertThat(value).as(term).isGreaterThan(1e-4));
            assertThat(report.total())
                    .isCloseTo(
                            report.target()
                                    + 0.7 * report.source()
                                    + settings.terms().mu() * report.align()
                                    + 0.05 * report.l2sp()
                                    + 0.4 * report.distill(),
                            within(1e-5));
            for (String name : trainer.trainable()) {
                float[] before = tensor(start, name).values();
                float[] after = tensor(trainer.weights(), name).values();
                int index = random.nextInt(before.length);
                double analytic = before[index] - after[index];
                double numeric = (loss(model, settings, target, source, start, name, index, 0.01f)
                                - loss(model, settings, target, source, start, name, index, -0.01f))
                        / 0.02;
                assertThat(analytic).as(name).isCloseTo(numeric, within(2e-3 + 0.01 * Math.abs(numeric)));
            }
        }
    }

    private static FloatTensor tensor(WeightDelta delta, String name) {
        return delta.tensors().getOrDefault(name, FloatTensor.wrap(Shape.of(0), new float[0]));
    }

    /** All its weights away from where the source model has them. */
    private static WeightDelta moved(ModelGraph model, Random random) {
        Map<String, FloatTensor> moved = new TreeMap<>();
        model.weights().forEach((name, tensor) -> {
            float[] values = tensor.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] += random.nextFloat() * 0.2f;
            }
            moved.put(name, FloatTensor.wrap(tensor.shape(), values));
        });
        return WeightDelta.of(moved);
    }

    private static double loss(
            ModelGraph model,
            TrainSettings settings,
            LabelledBatch target,
            Optional<LabelledBatch> source,
            WeightDelta start,
            String name,
            int index,
            float change)
            throws Exception {
        Map<String, FloatTensor> moved = new TreeMap<>(start.tensors());
        FloatTensor tensor = tensor(start, name);
        float[] values = tensor.values().clone();
        values[index] += change;
        moved.put(name, FloatTensor.wrap(tensor.shape(), values));
        try (Trainer trainer = Trainer.open(model, WeightDelta.of(moved), settings)) {
            return trainer.step(target, source).total();
        }
    }

    @Test
    void anAlignmentLayerThatTheGraphHasNotIsRefusedByName() {
        LossTerms terms = LossTerms.defaults().withAlignment(1, LossTerms.Align.MMD, "nowhere");
        assertThatThrownBy(() -> Trainer.open(
                        Networks.leNet(),
                        WeightDelta.EMPTY,
                        TrainSettings.defaults().withTerms(terms)))
                .isInstanceOf(UntrainableModelException.class)
                .hasMessageContaining("'nowhere'");
    }

    @ParameterizedTest
    @CsvSource({"SGD, CORAL", "ADAMW, CORAL", "SGD, DANN", "ADAMW, DANN"})
    void theSameBatchesGiveTheSameBitsAndARestoreContinuesThem(String kind, LossTerms.Align align) throws Exception {
        ModelGraph model = Networks.leNet();
        TrainSettings settings = TrainSettings.defaults()
                .withTerms(LossTerms.defaults().withAlignment(1, align, "").withAnchors(0.01, 0.5))
                .withOptimizer(new OptimizerSettings(OptimizerSettings.Kind.valueOf(kind), 0.01, 0.9, 0.001, 5));
        try (Trainer straight = Trainer.open(model, WeightDelta.EMPTY, settings);
                Trainer stopped = Trainer.open(model, WeightDelta.EMPTY, settings);
                Trainer restored = Trainer.open(model, WeightDelta.EMPTY, settings)) {
            run(straight, model, 0, 8);
            run(stopped, model, 0, 5);
            restored.restore(
                    WeightDelta.parse(stopped.weights().toBytes()),
                    WeightDelta.parse(stopped.average().toBytes()),
                    WeightDelta.parse(stopped.optimizerState().toBytes()),
                    stopped.steps());
            run(restored, model, 5, 8);

            assertThat(restored.steps()).isEqualTo(8);
            assertThat(restored.weights().digest()).isEqualTo(straight.weights().digest());
            assertThat(restored.average().digest()).isEqualTo(straight.average().digest());
            assertThat(restored.optimizerState().digest())
                    .isEqualTo(straight.optimizerState().digest());
            assertThat(straight.average()).isNotEqualTo(straight.weights());
            assertThat(straight.weights().tensors().keySet()).isEqualTo(straight.trainable());
            assertThat(straight.average().tensors().keySet()).isEqualTo(straight.trainable());
            assertThat(straight.optimizerState().tensors().keySet().stream()
                            .anyMatch(name -> name.contains("domain classifier")))
                    .isEqualTo(align == LossTerms.Align.DANN);
        }
    }

    @Test
    void garbageCollectionsInMidStepChangeNoBit() throws Exception {
        ModelGraph model = Networks.residual("HardSwish");
        TrainSettings settings = TrainSettings.defaults()
                .withTerms(new LossTerms(0.5, 1, LossTerms.Align.MMD, "", 0.01, 0.2, LossTerms.SourceLoss.ANSWERS));
        AtomicBoolean collecting = new AtomicBoolean();
        AtomicInteger collections = new AtomicInteger();
        Thread collector = new Thread(() -> {
            while (collecting.get()) {
                System.gc();
                collections.incrementAndGet();
                // A collection stops the trainer, and steps are made in between only.
                LockSupport.parkNanos(BETWEEN_COLLECTIONS.toNanos());
            }
        });
        try (Trainer quiet = Trainer.open(model, WeightDelta.EMPTY, settings);
                Trainer disturbed = Trainer.open(model, WeightDelta.EMPTY, settings)) {
            run(quiet, model, 0, 8);
            collecting.set(true);
            collector.start();
            run(disturbed, model, 0, 8);

            assertThat(disturbed.weights().digest()).isEqualTo(quiet.weights().digest());
            assertThat(collections).as("collections").hasPositiveValue();
        } finally {
            collecting.set(false);
            collector.join();
        }
    }

    private static void run(Trainer trainer, ModelGraph model, int from, int to) {
        for (int i = from; i < to; i++) {
            trainer.step(Networks.batch(model, 32, i), Optional.of(Networks.batch(model, 32, 100 + i)));
        }
    }

    @Test
    void aStepThatIsNotFiniteChangesNothingAndTheNextOneWorks() throws Exception {
        ModelGraph model = Networks.leNet();
        LabelledBatch good = Networks.batch(model, 4, 1);
        float[] poisoned = good.inputs().values().clone();
        poisoned[7] = Float.NaN;
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, TrainSettings.defaults())) {
            WeightDelta before = trainer.weights();
            StepReport bad = trainer.step(
                    new LabelledBatch(FloatTensor.wrap(good.inputs().shape(), poisoned), good.classes()),
                    Optional.empty());

            assertThat(bad.skipped()).isTrue();
            assertThat(trainer.weights()).isEqualTo(before);
            assertThat(trainer.steps()).isZero();
            StepReport next = trainer.step(good, Optional.empty());
            assertThat(next.skipped()).isFalse();
            assertThat(next.gradientNorm()).isFinite();
            assertThat(trainer.weights()).isNotEqualTo(before);
        }
    }

    @Test
    void onlyTheNamedPartIsTrainedAndTheLossFalls() throws Exception {
        ModelGraph model = Networks.leNet();
        for (Map.Entry<String, Integer> each : Map.of("head", 2, "last:2", 4, "all", 10, "name:conv", 4, "last:9", 10)
                .entrySet()) {
            try (Trainer trainer = Trainer.open(
                    model, WeightDelta.EMPTY, TrainSettings.defaults().withTrainable(each.getKey()))) {
                assertThat(trainer.trainable()).as(each.getKey()).hasSize(each.getValue());
                double first = trainer.step(Networks.batch(model, 8, 1), Optional.empty())
                        .total();
                for (int i = 0; i < 20; i++) {
                    trainer.step(Networks.batch(model, 8, 1), Optional.empty());
                }
                assertThat(trainer.step(Networks.batch(model, 8, 1), Optional.empty())
                                .total())
                        .isLessThan(first);
                assertThat(trainer.weights().tensors().keySet()).isEqualTo(trainer.trainable());
            }
        }
        assertThatThrownBy(() -> Trainer.open(
                        model, WeightDelta.EMPTY, TrainSettings.defaults().withTrainable("norm")))
                .isInstanceOf(UntrainableModelException.class);
        assertThatThrownBy(() -> TrainSettings.defaults().withTrainable("tail")).hasMessageContaining("'tail'");
    }

    @Test
    void whatCannotBeTrainedIsNamed() {
        GraphBuilder graph = new GraphBuilder("odd", 17)
                .input("x", Shape.of(3, 2, 2))
                .weight("w", Networks.uniform(new Random(1), -1, 1, 12, 3))
                .node("Flatten", List.of("x"), List.of("flat"), Map.of())
                .node("MatMul", List.of("flat", "w"), List.of("m"), Map.of())
                .node("Det", List.of("m"), List.of("y"), Map.of())
                .output("y", Shape.of(3));
        ModelGraph model = Networks.graph("odd", graph, "x", "y", ModelCard.OutputKind.LOGITS, 2, 3);

        assertThatThrownBy(() -> Trainer.open(model, WeightDelta.EMPTY, TrainSettings.defaults()))
                .isInstanceOf(UntrainableModelException.class)
                .hasMessageContaining("odd")
                .hasMessageContaining("Det 'Det_2'");
    }

    /**
     * Sigmoid of 200 is 1 in float: after it no gradient would be left. Logits 200, 0, 0 of class 2: a sigmoid's loss is
     * {@code 200 + 2 ln 2}, its gradient {@code (1, 1/2, -1/2)}.
     */
    @ParameterizedTest
    @CsvSource({"Softmax, 200, 2", "Sigmoid, 201.386294, 1.5"})
    void theLossIsThatOfItsProbabilitiesAndTakenBeforeTheySaturate(String end, double loss, double squaredGradient)
            throws Exception {
        float[] far = new float[36];
        far[0] = 200;
        GraphBuilder graph = new GraphBuilder("saturated", 17)
                .input("x", Shape.of(3, 2, 2))
                .weight("w", FloatTensor.wrap(Shape.of(12, 3), far))
                .node("Flatten", List.of("x"), List.of("flat"), Map.of())
                .node("MatMul", List.of("flat", "w"), List.of("m"), Map.of())
                .node(end, List.of("m"), List.of("p"), Map.of())
                .node("Identity", List.of("p"), List.of("y"), Map.of())
                .output("y", Shape.of(3));
        ModelGraph model = Networks.graph("saturated", graph, "x", "y", ModelCard.OutputKind.PROBABILITIES, 2, 3);
        float[] one = new float[12];
        one[0] = 1;
        LabelledBatch wrong = new LabelledBatch(FloatTensor.wrap(Shape.of(1, 3, 2, 2), one), List.of(2));
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, TrainSettings.defaults())) {
            StepReport report = trainer.step(wrong, Optional.empty());

            assertThat(report.total()).isCloseTo(loss, within(1e-3));
            assertThat(report.gradientNorm()).isCloseTo(Math.sqrt(squaredGradient), within(1e-3));
        }
    }

    @Test
    void aGraphThatDiffersFromItsReferenceIsRefused() throws Exception {
        ModelGraph model = Networks.leNet();
        try (Trainer trainer = Trainer.open(model, WeightDelta.EMPTY, TrainSettings.defaults())) {
            assertThatThrownBy(() -> trainer.prove(batch -> FloatTensor.wrap(Shape.of(4, 10), new float[40])))
                    .isInstanceOf(UntrainableModelException.class)
                    .hasMessageContaining("differs");
        }
    }
}
