package io.acclimate.train;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.offline.SmallCnn;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Networks and batches for the tests, and ONNX Runtime as the reference. */
public final class Networks {
    /** The weights of the largest layer of {@link #large}. */
    static final int LARGE = 512 * 1024;

    private Networks() {}

    public static ClassNames classes(int count) {
        return new ClassNames(
                IntStream.range(0, count).mapToObj(i -> "class " + i).toList());
    }

    static ModelGraph leNet() {
        return SmallCnn.fresh("lenet", classes(10), 3);
    }

    static FloatTensor uniform(Random random, float low, float high, int... extents) {
        Shape shape = Shape.of(extents);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = low + random.nextFloat() * (high - low);
        }
        return FloatTensor.wrap(shape, values);
    }

    /** 3×8×8 in; two convolutions with batch norm around a shortcut, global pooling, 4 classes, Softmax at the end. */
    static ModelGraph residual(String activation) {
        Random random = new Random(11);
        GraphBuilder graph = new GraphBuilder("residual", 17).input("x", Shape.of(3, 8, 8));
        graph.weight("stem", uniform(random, -0.4f, 0.4f, 6, 3, 3, 3));
        for (String block : List.of("a", "b")) {
            graph.weight(block + ".w", uniform(random, -0.3f, 0.3f, 6, 6, 3, 3))
                    .weight(block + ".scale", uniform(random, 0.5f, 1.5f, 6))
                    .weight(block + ".shift", uniform(random, -0.5f, 0.5f, 6))
                    .weight(block + ".mean", uniform(random, -0.2f, 0.2f, 6))
                    .weight(block + ".var", uniform(random, 0.5f, 2f, 6));
        }
        graph.weight("head.w", uniform(random, -1, 1, 4, 6)).weight("head.b", uniform(random, -1, 1, 4));
        Map<String, Object> same = Map.of("pads", new long[] {1, 1, 1, 1});
        graph.node(
                "Conv", List.of("x", "stem"), List.of("s"), Map.of("auto_pad", "SAME_UPPER", "strides", new long[] {2, 2
                }));
        graph.node("Conv", List.of("s", "a.w"), List.of("c1"), same);
        graph.node(
                "BatchNormalization", List.of("c1", "a.scale", "a.shift", "a.mean", "a.var"), List.of("n1"), Map.of());
        graph.node(activation, List.of("n1"), List.of("r1"), Map.of());
        graph.node("Conv", List.of("r1", "b.w"), List.of("c2"), same);
        graph.node(
                "BatchNormalization", List.of("c2", "b.scale", "b.shift", "b.mean", "b.var"), List.of("n2"), Map.of());
        graph.node("Add", List.of("n2", "s"), List.of("sum"), Map.of());
        graph.node(activation, List.of("sum"), List.of("r2"), Map.of());
        graph.node("GlobalAveragePool", List.of("r2"), List.of("pooled"), Map.of());
        graph.node("Flatten", List.of("pooled"), List.of("flat"), Map.of());
        graph.node("Gemm", List.of("flat", "head.w", "head.b"), List.of("scores"), Map.of("transB", 1L));
        graph.node("Softmax", List.of("scores"), List.of("p"), Map.of("axis", 1L))
                .output("p", Shape.of(4));
        return graph("residual", graph, "x", "p", ModelCard.OutputKind.PROBABILITIES, 8, 4);
    }

    /** 3×2×2 in; three linear layers, of which the second has 2 MB of weights. */
    static ModelGraph large() {
        Random random = new Random(5);
        GraphBuilder graph = new GraphBuilder("large", 17)
                .input("x", Shape.of(3, 2, 2))
                .weight("a", uniform(random, -0.3f, 0.3f, 12, 512))
                .weight("b", uniform(random, -0.05f, 0.05f, 512, LARGE / 512))
                .weight("c", uniform(random, -0.05f, 0.05f, LARGE / 512, 4));
        graph.node("Flatten", List.of("x"), List.of("flat"), Map.of());
        graph.node("MatMul", List.of("flat", "a"), List.of("one"), Map.of());
        graph.node("MatMul", List.of("one", "b"), List.of("two"), Map.of());
        graph.node("MatMul", List.of("two", "c"), List.of("y"), Map.of()).output("y", Shape.of(4));
        return graph("large", graph, "x", "y", ModelCard.OutputKind.LOGITS, 2, 4);
    }

    /** The direct memory of this JVM. */
    public static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    static ModelGraph graph(
            String name,
            GraphBuilder graph,
            String input,
            String output,
            ModelCard.OutputKind kind,
            int side,
            int classes) {
        List<Float> half = List.of(0.5f, 0.5f, 0.5f);
        InputSpec spec = new InputSpec(
                3, side, side, InputSpec.Layout.NCHW, InputSpec.Colour.RGB, InputSpec.Resize.STRETCH, half, half);
        try {
            return ModelGraph.of(
                    graph.toOnnx(), new ModelCard(name, input, spec, output, kind, classes(classes), Map.of()));
        } catch (InvalidModelException e) {
            throw new IllegalStateException(e);
        }
    }

    static LabelledBatch batch(ModelGraph model, int rows, long seed) {
        Random random = new Random(seed);
        Shape shape = model.card().input().row().prepend(rows);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        List<Integer> classes = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            classes.add(random.nextInt(model.card().classes().count()));
        }
        return new LabelledBatch(FloatTensor.wrap(shape, values), classes);
    }

    static UnaryOperator<FloatTensor> onnxRuntime(ModelGraph model, WeightDelta delta) {
        return batch -> {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            long[] extents = batch.shape().extents().stream()
                    .mapToLong(Integer::longValue)
                    .toArray();
            try (OrtSession session = environment.createSession(model.export(delta));
                    OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(batch.values()), extents);
                    OrtSession.Result result = session.run(Map.of(model.card().inputName(), input))) {
                OnnxTensor out = (OnnxTensor) result.get(0);
                float[] values = new float[out.getFloatBuffer().remaining()];
                out.getFloatBuffer().get(values);
                return FloatTensor.wrap(
                        Shape.of(
                                batch.shape().extent(0),
                                values.length / batch.shape().extent(0)),
                        values);
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        };
    }
}
