package io.acclimate.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.Scores;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.onnx.rewrite.FreshRows;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LabelSetTest {
    private static final ClassNames OLD = new ClassNames(List.of("cat", "dog", "owl"));
    /** The owl goes, cat and dog change places, two come. */
    private static final ClassNames NEW = new ClassNames(List.of("dog", "fox", "cat", "hen"));

    /** What exporters make of a classifier's end. Each gives an output {@code [batch, 3]} named {@code out}. */
    enum End {
        GEMM {
            @Override
            void add(GraphBuilder graph) {
                graph.weight("w", tensor(4, 3)).weight("b", tensor(3));
                graph.node("Gemm", List.of("flat", "w", "b"), List.of("out"), Map.of());
            }
        },
        GEMM_TRANSPOSED_THEN_SOFTMAX {
            @Override
            void add(GraphBuilder graph) {
                graph.weight("w", tensor(3, 4)).weight("b", tensor(3));
                graph.node("Gemm", List.of("flat", "w", "b"), List.of("logits"), Map.of("transB", 1L));
                graph.node("Softmax", List.of("logits"), List.of("out"), Map.of("axis", 1L));
            }
        },
        MATMUL_THEN_BIAS {
            @Override
            void add(GraphBuilder graph) {
                graph.weight("w", tensor(4, 3)).weight("b", tensor(1, 3));
                graph.node("MatMul", List.of("flat", "w"), List.of("product"), Map.of());
                graph.node("Add", List.of("b", "product"), List.of("out"), Map.of());
            }
        },
        MATMUL_OF_A_TRANSPOSE {
            @Override
            void add(GraphBuilder graph) {
                graph.weight("w", tensor(3, 4));
                graph.node("Transpose", List.of("w"), List.of("wt"), Map.of("perm", new long[] {1, 0}));
                graph.node("MatMul", List.of("flat", "wt"), List.of("out"), Map.of());
            }
        },
        CONVOLUTION_THEN_POOL {
            @Override
            void add(GraphBuilder graph) {
                graph.weight("w", tensor(3, 1, 1, 1)).weight("b", tensor(3));
                graph.node("Conv", List.of("image", "w", "b"), List.of("maps"), Map.of());
                graph.node("Relu", List.of("maps"), List.of("active"), Map.of());
                graph.node("GlobalAveragePool", List.of("active"), List.of("pooled"), Map.of());
                graph.constant("shape", -1, 3);
                graph.node("Reshape", List.of("pooled", "shape"), List.of("out"), Map.of());
            }
        },
        BIAS_THAT_ANOTHER_LAYER_READS {
            @Override
            void add(GraphBuilder graph) {
                graph.weight("w0", tensor(4, 3)).weight("b", tensor(3)).weight("w", tensor(3, 3));
                graph.node("Gemm", List.of("flat", "w0", "b"), List.of("hidden"), Map.of());
                graph.node("Gemm", List.of("hidden", "w", "b"), List.of("out"), Map.of());
            }
        };

        abstract void add(GraphBuilder graph);

        ModelGraph model() throws InvalidModelException {
            GraphBuilder graph = new GraphBuilder(name(), 17).input("image", Shape.of(1, 2, 2));
            graph.node("Flatten", List.of("image"), List.of("flat"), Map.of("axis", 1L));
            add(graph);
            return ModelGraph.of(graph.output("out", Shape.of(3)).toOnnx(), card());
        }

        private ModelCard card() {
            InputSpec input = new InputSpec(
                    1,
                    2,
                    2,
                    InputSpec.Layout.NCHW,
                    InputSpec.Colour.GREY,
                    InputSpec.Resize.STRETCH,
                    List.of(0.5f),
                    List.of(0.5f));
            boolean softmax = this == GEMM_TRANSPOSED_THEN_SOFTMAX;
            ModelCard.OutputKind kind = softmax ? ModelCard.OutputKind.PROBABILITIES : ModelCard.OutputKind.LOGITS;
            return new ModelCard(name(), "image", input, "out", kind, OLD, Map.of());
        }
    }

    private static FloatTensor tensor(int... extents) {
        return random(new Random(extents.length), extents);
    }

    private static FloatTensor random(Random random, int... extents) {
        Shape shape = Shape.of(extents);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return FloatTensor.wrap(shape, values);
    }

    private static FloatTensor run(ModelGraph model, FloatTensor batch) throws Exception {
        try (ModelSession session = ModelSession.open(model, WeightDelta.EMPTY, SessionSettings.defaults())) {
            return session.run(batch);
        }
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void keptClassesScoreAsBeforeAndUntrainedOnesWinNoImage(End end) throws Exception {
        ModelGraph old = end.model();
        FloatTensor batch = random(new Random(5), 200, 1, 2, 2);

        ModelGraph widened = old.withClasses(NEW, new FreshRows.MeanOfKept());

        assertThat(widened.card().classes()).isEqualTo(NEW);
        assertThat(ModelGraph.of(widened.export(WeightDelta.EMPTY), widened.card())
                        .digest())
                .isEqualTo(widened.digest());
        FloatTensor before = run(old, batch);
        FloatTensor after = run(widened, batch);
        for (int i = 0; i < 200; i++) {
            float[] was = before.row(i).values();
            float[] is = after.row(i).values();
            if (end == End.GEMM_TRANSPOSED_THEN_SOFTMAX) {
                assertThat(is[0] / is[2]).isCloseTo(was[1] / was[0], withinRelative(was[1] / was[0]));
            } else {
                assertThat(is[0]).isEqualTo(was[1]);
                assertThat(is[2]).isEqualTo(was[0]);
            }
            // Behind a Relu all logits may be 0 at once; of equal ones the first, a kept one, is the answer.
            assertThat(NEW.name(Scores.best(after, i))).isIn("dog", "cat");
        }
    }

    private static org.assertj.core.data.Offset<Float> withinRelative(float value) {
        return org.assertj.core.data.Offset.offset(1e-4f * value);
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void parametersKeepTheirNamesUnlessAnotherLayerReadsThem(End end) throws Exception {
        ModelGraph old = end.model();

        ModelGraph widened = old.withClasses(NEW, new FreshRows.Uniform(1));

        if (end == End.BIAS_THAT_ANOTHER_LAYER_READS) {
            assertThat(widened.weights().keySet()).containsExactly("b", "b_head", "w", "w0");
            assertThat(widened.weights().get("b")).isEqualTo(old.weights().get("b"));
        } else {
            assertThat(widened.weights().keySet()).isEqualTo(old.weights().keySet());
        }
    }

    @Test
    void freshRowsAreSeededAndWithinPyTorchsBound() throws Exception {
        ModelGraph old = End.GEMM_TRANSPOSED_THEN_SOFTMAX.model();
        List<String> hundred = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> "class " + i)
                .toList();

        ModelGraph one = old.withClasses(new ClassNames(hundred), new FreshRows.Uniform(1));
        ModelGraph same = old.withClasses(new ClassNames(hundred), new FreshRows.Uniform(1));
        ModelGraph other = old.withClasses(new ClassNames(hundred), new FreshRows.Uniform(2));

        assertThat(one.digest()).isEqualTo(same.digest()).isNotEqualTo(other.digest());
        FloatTensor w = java.util.Objects.requireNonNull(one.weights().get("w"));
        assertThat(w.shape()).isEqualTo(Shape.of(100, 4));
        double largest = 0;
        for (float value : w.values()) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isBetween(0.45, 0.5);
    }

    @Test
    void modelsThatDifferInTheNamesOfNewClassesOnlyHaveDifferentDigests() throws Exception {
        ModelGraph old = End.GEMM.model();
        ModelGraph one = old.withClasses(NEW, new FreshRows.MeanOfKept());
        ModelGraph two =
                old.withClasses(new ClassNames(List.of("dog", "hen", "cat", "fox")), new FreshRows.MeanOfKept());

        assertThat(one.weights()).isEqualTo(two.weights());
        assertThat(one.digest()).isNotEqualTo(two.digest());
        assertThat(old.withClasses(OLD, new FreshRows.MeanOfKept())).isSameAs(old);
    }

    @Test
    void whatTellsClassesApartBehindTheHeadIsRefusedByName() throws Exception {
        GraphBuilder graph = new GraphBuilder("scaled", 17).input("image", Shape.of(1, 2, 2));
        graph.node("Flatten", List.of("image"), List.of("flat"), Map.of("axis", 1L));
        graph.weight("w", tensor(4, 3)).weight("scale", tensor(3));
        graph.node("MatMul", List.of("flat", "w"), List.of("product"), Map.of());
        graph.node("Mul", List.of("product", "scale"), List.of("out"), Map.of());
        ModelGraph model = ModelGraph.of(graph.output("out", Shape.of(3)).toOnnx(), End.GEMM.card());

        assertThatThrownBy(() -> model.withClasses(NEW, new FreshRows.MeanOfKept()))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("Mul_2")
                .hasMessageContaining("label set");
    }
}
