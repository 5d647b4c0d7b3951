package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.infer.FeatureSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.PrefixGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrozenPrefixTest {
    private final List<String> frontiers = new ArrayList<>();
    private final List<Shape> entered = new ArrayList<>();
    private int open;

    /** ONNX Runtime, with a note of what was asked of it. */
    private PrefixRuntime.Features runtime(PrefixGraph prefix) throws io.acclimate.onnx.node.InvalidModelException {
        FeatureSession session = FeatureSession.open(prefix, SessionSettings.defaults());
        frontiers.add(prefix.frontier());
        open++;
        return new PrefixRuntime.Features() {
            @Override
            public FloatTensor of(FloatTensor batch) {
                entered.add(batch.shape());
                return session.run(batch);
            }

            @Override
            public void close() {
                open--;
                session.close();
            }
        };
    }

    private Trainer open(ModelGraph model, WeightDelta start, TrainSettings settings) throws Exception {
        return Trainer.open(model, start, settings, Optional.of(this::runtime));
    }

    @Test
    void aPrefixWithOtherWeightsCopiesNoneOfThem() {
        ModelGraph large = Networks.large();
        FloatTensor other = FloatTensor.wrap(Shape.of(12, 512), new float[12 * 512]);
        WeightDelta delta = WeightDelta.of(Map.of("a", other));
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();

        PrefixGraph prefix = large.prefix(Set.of("b", "c"), Set.of("y"), delta).orElseThrow();

        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(Networks.LARGE);
        assertThat(prefix.frontier()).isEqualTo("one");
        assertThat(prefix.weights()).containsExactly(Map.entry("a", other));
        assertThat(prefix.skeleton())
                .isEqualTo(large.with(delta)
                        .prefix(Set.of("b", "c"), Set.of("y"))
                        .orElseThrow()
                        .skeleton());
    }

    @ParameterizedTest
    @CsvSource({"head,flat", "last:2,s", "name:^b[.]scale$,s", "norm,s"})
    void aFrozenPrefixGivesTheWeightsThatTheWholeGraphGives(String trainable, String frontier) throws Exception {
        ModelGraph model = Networks.residual("Relu");
        TrainSettings settings = TrainSettings.defaults()
                .withTrainable(trainable)
                .withTerms(new LossTerms(0.5, 1, LossTerms.Align.CORAL, "", 0.01, 0.2, LossTerms.SourceLoss.ANSWERS));
        WeightDelta start = moved(model, "head.w");
        try (Trainer cut = open(model, start, settings);
                Trainer whole = Trainer.open(model, start, settings)) {
            assertThat(cut.prove(Networks.onnxRuntime(model, start))).isLessThan(1e-5);
            for (int i = 0; i < 5; i++) {
                Optional<LabelledBatch> source = Optional.of(Networks.batch(model, 6, 50 + i));
                StepReport one = cut.step(Networks.batch(model, 8, i), source);
                StepReport other = whole.step(Networks.batch(model, 8, i), source);
                assertThat(one.losses().keySet())
                        .isEqualTo(other.losses().keySet())
                        .hasSize(6);
                assertThat(one.total()).isCloseTo(other.total(), within(1e-4));
            }

            assertThat(frontiers).containsExactly(frontier);
            assertThat(entered).contains(Shape.of(14, 3, 8, 8));
            assertThat(cut.weights().tensors().keySet())
                    .isEqualTo(whole.weights().tensors().keySet());
            whole.weights().tensors().forEach((name, tensor) -> {
                float[] ours = cut.weights()
                        .tensors()
                        .getOrDefault(name, FloatTensor.wrap(Shape.of(0), new float[0]))
                        .values();
                assertThat(ours).as(name).containsExactly(tensor.values(), within(1e-4f));
            });
            assertThat(cut.prove(Networks.onnxRuntime(model, cut.weights()))).isLessThan(1e-5);
        }
        assertThat(open).isZero();
    }

    @ParameterizedTest
    @CsvSource({"head,b,r", "last:2,a b,flat"})
    void aWeightThatIsTransposedBeforeItsProductBelongsToThatLayer(String trainable, String names, String frontier)
            throws Exception {
        Random random = new Random(5);
        GraphBuilder graph = new GraphBuilder("transposed", 17)
                .input("x", Shape.of(3, 2, 2))
                .weight("a", Networks.uniform(random, -1, 1, 6, 12))
                .weight("b", Networks.uniform(random, -1, 1, 3, 6))
                .node("Transpose", List.of("b"), List.of("bt"), Map.of())
                .node("Transpose", List.of("a"), List.of("at"), Map.of())
                .node("Flatten", List.of("x"), List.of("flat"), Map.of())
                .node("MatMul", List.of("flat", "at"), List.of("m"), Map.of())
                .node("Relu", List.of("m"), List.of("r"), Map.of())
                .node("MatMul", List.of("r", "bt"), List.of("y"), Map.of())
                .output("y", Shape.of(3));
        ModelGraph model = Networks.graph("transposed", graph, "x", "y", ModelCard.OutputKind.LOGITS, 2, 3);
        TrainSettings settings = TrainSettings.defaults().withTrainable(trainable);
        try (Trainer cut = open(model, WeightDelta.EMPTY, settings);
                Trainer whole = Trainer.open(model, WeightDelta.EMPTY, settings)) {
            assertThat(cut.trainable()).containsExactly(names.split(" "));
            for (int i = 0; i < 5; i++) {
                cut.step(Networks.batch(model, 8, i), Optional.empty());
                whole.step(Networks.batch(model, 8, i), Optional.empty());
            }

            assertThat(cut.prove(Networks.onnxRuntime(model, cut.weights()))).isLessThan(1e-5);
            assertThat(whole.prove(Networks.onnxRuntime(model, cut.weights()))).isLessThan(1e-5);
        }
        assertThat(frontiers).containsExactly(frontier);
    }

    @Test
    void theSameBatchesGiveTheSameBitsThroughAPrefix() throws Exception {
        ModelGraph model = Networks.residual("Relu");
        TrainSettings settings = TrainSettings.defaults().withTrainable("head");
        try (Trainer one = open(model, WeightDelta.EMPTY, settings);
                Trainer other = open(model, WeightDelta.EMPTY, settings)) {
            for (int i = 0; i < 5; i++) {
                one.step(Networks.batch(model, 8, i), Optional.empty());
                other.step(Networks.batch(model, 8, i), Optional.empty());
            }
            assertThat(one.weights().digest()).isEqualTo(other.weights().digest());
        }
    }

    @Test
    void whatAnEarlierVersionChangedStandsInThePrefixUnlessTheSourceModelIsAskedToo() throws Exception {
        ModelGraph model = Networks.residual("Relu");
        WeightDelta start = moved(model, "stem", "head.b");
        TrainSettings plain = TrainSettings.defaults().withTrainable("head");
        try (Trainer cut = open(model, start, plain)) {
            cut.step(Networks.batch(model, 8, 1), Optional.empty());
            assertThat(frontiers).containsExactly("flat");
            assertThat(cut.weights().tensors().keySet()).containsExactly("head.b", "head.w", "stem");
            assertThat(cut.prove(Networks.onnxRuntime(model, cut.weights()))).isLessThan(1e-5);
        }
        frontiers.clear();
        TrainSettings distilled = plain.withTerms(LossTerms.defaults().withAnchors(0, 1));
        try (Trainer cut = open(model, start, distilled)) {
            StepReport report = cut.step(Networks.batch(model, 8, 1), Optional.empty());
            assertThat(frontiers).isEmpty();
            assertThat(report.distill()).isGreaterThan(1e-4);
        }
    }

    @Test
    void featuresOfAnEarlierLayerAreAlignedAfterAnEarlierCut() throws Exception {
        ModelGraph model = Networks.residual("Relu");
        LossTerms terms = LossTerms.defaults().withAlignment(1, LossTerms.Align.MMD, "r1");
        TrainSettings settings = TrainSettings.defaults().withTrainable("head").withTerms(terms);
        try (Trainer cut = open(model, WeightDelta.EMPTY, settings)) {
            StepReport report = cut.step(Networks.batch(model, 8, 1), Optional.of(Networks.batch(model, 8, 2)));
            assertThat(frontiers).containsExactly("s");
            assertThat(report.align()).isPositive();
        }
    }

    /** Quantised in the middle, which has no gradient. */
    private static ModelGraph odd() {
        Random random = new Random(1);
        GraphBuilder graph = new GraphBuilder("odd", 17)
                .input("x", Shape.of(3, 2, 2))
                .weight("w1", Networks.uniform(random, -1, 1, 12, 5))
                .weight("w2", Networks.uniform(random, -1, 1, 5, 4))
                .weight("w3", Networks.uniform(random, -1, 1, 4, 3))
                .node("Flatten", List.of("x"), List.of("flat"), Map.of())
                .node("MatMul", List.of("flat", "w1"), List.of("m1"), Map.of())
                .node("DynamicQuantizeLinear", List.of("m1"), List.of("q", "step", "zero"), Map.of())
                .node("DequantizeLinear", List.of("q", "step", "zero"), List.of("h"), Map.of())
                .node("MatMul", List.of("h", "w2"), List.of("m2"), Map.of())
                .node("Relu", List.of("m2"), List.of("r"), Map.of())
                .node("MatMul", List.of("r", "w3"), List.of("y"), Map.of())
                .output("y", Shape.of(3));
        return Networks.graph("odd", graph, "x", "y", ModelCard.OutputKind.LOGITS, 2, 3);
    }

    @Test
    void anOperatorWithoutAGradientIsNoObstacleInThePrefixAndNamesTheWayOutElsewhere() throws Exception {
        for (String after : List.of("head", "last:2")) {
            TrainSettings settings = TrainSettings.defaults().withTrainable(after);
            try (Trainer trainer = open(odd(), WeightDelta.EMPTY, settings)) {
                trainer.step(Networks.batch(odd(), 4, 1), Optional.empty());
                assertThat(trainer.prove(Networks.onnxRuntime(odd(), trainer.weights())))
                        .isLessThan(1e-5);
            }
        }
        assertThat(frontiers).containsExactly("r", "h");
        for (String before : List.of("all", "last:3")) {
            TrainSettings settings = TrainSettings.defaults().withTrainable(before);
            assertThatThrownBy(() -> open(odd(), WeightDelta.EMPTY, settings))
                    .isInstanceOf(UntrainableModelException.class)
                    .hasMessageContaining("model 'odd'")
                    .hasMessageContaining("DynamicQuantizeLinear 'DynamicQuantizeLinear_2'")
                    .hasMessageContaining("trainable 'last:2' or 'head'");
        }
        assertThat(open).isZero();
    }

    private static WeightDelta moved(ModelGraph model, String... names) {
        Map<String, FloatTensor> moved = new TreeMap<>(model.weights());
        moved.keySet().retainAll(Set.of(names));
        moved.replaceAll((name, tensor) -> {
            float[] values = tensor.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i] * 1.1f + 0.05f;
            }
            return FloatTensor.wrap(tensor.shape(), values);
        });
        return WeightDelta.of(moved);
    }

    @Test
    void aKnownModelIsOpenedWithoutWalkingItsGraph() throws Exception {
        ModelGraph model = Networks.residual("Relu");
        TrainSettings settings = TrainSettings.defaults().withTrainable("head");
        try (Trainer walked = open(model, WeightDelta.EMPTY, settings)) {
            assertThat(entered).hasSize(1);
            try (Trainer known = Trainer.openKnown(model, WeightDelta.EMPTY, settings, Optional.of(this::runtime))) {
                assertThat(entered).hasSize(1);
                assertThat(known.outputs(known.probe())).isEqualTo(walked.outputs(walked.probe()));
            }
        }
    }
}
