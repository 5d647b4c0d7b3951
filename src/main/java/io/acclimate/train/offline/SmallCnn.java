package io.acclimate.train.offline;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The classic small network for 3×32×32 images: conv 6×5×5, pool, conv 16×5×5, pool, 120, 84, classes. Fresh weights are
 * uniform in ±1/√fan-in, as PyTorch's layers are.
 */
public final class SmallCnn {
    private static final Map<String, Object> POOL =
            Map.of("kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2});

    private SmallCnn() {}

    public static ModelGraph fresh(String name, ClassNames classes, long seed) {
        Random random = new Random(seed);
        int width = classes.count();
        GraphBuilder graph = new GraphBuilder(name, 17).input("image", Shape.of(3, 32, 32));
        layer(graph, "conv1", random, 75, 6, 3, 5, 5);
        layer(graph, "conv2", random, 150, 16, 6, 5, 5);
        layer(graph, "fc1", random, 400, 120, 400);
        layer(graph, "fc2", random, 120, 84, 120);
        layer(graph, "fc3", random, 84, width, 84);
        convolution(graph, "image", "conv1", "pool1");
        convolution(graph, "pool1", "conv2", "pool2");
        graph.node("Flatten", List.of("pool2"), List.of("flat"), Map.of("axis", 1L));
        linear(graph, "flat", "fc1", "hidden1");
        graph.node("Relu", List.of("hidden1"), List.of("active1"), Map.of());
        linear(graph, "active1", "fc2", "hidden2");
        graph.node("Relu", List.of("hidden2"), List.of("active2"), Map.of());
        linear(graph, "active2", "fc3", "logits");
        graph.output("logits", Shape.of(width));
        ModelCard card = new ModelCard(
                name,
                "image",
                new InputSpec(
                        3,
                        32,
                        32,
                        InputSpec.Layout.NCHW,
                        InputSpec.Colour.RGB,
                        InputSpec.Resize.PAD,
                        List.of(0.5f, 0.5f, 0.5f),
                        List.of(0.5f, 0.5f, 0.5f)),
                "logits",
                ModelCard.OutputKind.LOGITS,
                classes,
                Map.of());
        try {
            return ModelGraph.of(graph.toOnnx(), card);
        } catch (InvalidModelException e) {
            throw new IllegalStateException("the built network is a valid model", e);
        }
    }

    private static void layer(GraphBuilder graph, String name, Random random, int fanIn, int... extents) {
        graph.weight(name + ".weight", uniform(random, fanIn, Shape.of(extents)));
        graph.weight(name + ".bias", uniform(random, fanIn, Shape.of(extents[0])));
    }

    private static FloatTensor uniform(Random random, int fanIn, Shape shape) {
        float bound = (float) (1 / Math.sqrt(fanIn));
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (random.nextFloat() * 2 - 1) * bound;
        }
        return FloatTensor.wrap(shape, values);
    }

    private static void convolution(GraphBuilder graph, String from, String layer, String to) {
        graph.node(
                "Conv",
                List.of(from, layer + ".weight", layer + ".bias"),
                List.of(layer),
                Map.of("kernel_shape", new long[] {5, 5}));
        graph.node("Relu", List.of(layer), List.of(layer + ".relu"), Map.of());
        graph.node("MaxPool", List.of(layer + ".relu"), List.of(to), POOL);
    }

    private static void linear(GraphBuilder graph, String from, String layer, String to) {
        graph.node("Gemm", List.of(from, layer + ".weight", layer + ".bias"), List.of(to), Map.of("transB", 1L));
    }
}
