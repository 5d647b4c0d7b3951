package io.acclimate.app.memory;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The layers of a ResNet-18 of 1,000 classes at 224 x 224, with weights of zero. One thread. */
final class ResNet18 {
    private static final int CLASSES = 1_000;

    private final GraphBuilder graph = new GraphBuilder("resnet18", 17).input("x", Shape.of(3, 224, 224));
    private int names;

    private ResNet18() {}

    static ModelGraph graph() throws Exception {
        ResNet18 made = new ResNet18();
        String value = made.relu(made.convolution("x", 3, 64, 7, 2));
        value = made.node("MaxPool", Map.of("kernel_shape", square(3), "strides", square(2), "pads", pads(1)), value);
        int channels = 64;
        for (int width : List.of(64, 128, 256, 512)) {
            for (int block = 0; block < 2; block++) {
                int stride = block == 0 && width > 64 ? 2 : 1;
                String inner = made.relu(made.convolution(value, channels, width, 3, stride));
                inner = made.convolution(inner, width, width, 3, 1);
                String beside = channels == width ? value : made.convolution(value, channels, width, 1, stride);
                value = made.relu(made.node("Add", Map.of(), inner, beside));
                channels = width;
            }
        }
        String flat = made.node("Flatten", Map.of(), made.node("GlobalAveragePool", Map.of(), value));
        made.graph
                .node("MatMul", List.of(flat, made.weight(channels, CLASSES)), List.of("sums"), Map.of())
                .node("Add", List.of("sums", made.weight(CLASSES)), List.of("y"), Map.of())
                .output("y", Shape.of(CLASSES));
        List<Float> half = List.of(0.5f, 0.5f, 0.5f);
        InputSpec input = new InputSpec(
                3, 224, 224, InputSpec.Layout.NCHW, InputSpec.Colour.RGB, InputSpec.Resize.STRETCH, half, half);
        ClassNames classes = new ClassNames(
                IntStream.range(0, CLASSES).mapToObj(each -> "c" + each).toList());
        return ModelGraph.of(
                made.graph.toOnnx(),
                new ModelCard("resnet18", "x", input, "y", ModelCard.OutputKind.LOGITS, classes, Map.of()));
    }

    /** With its batch normalisation. */
    private String convolution(String from, int in, int out, int kernel, int stride) {
        String sums = node(
                "Conv",
                Map.of("kernel_shape", square(kernel), "strides", square(stride), "pads", pads(kernel / 2)),
                from,
                weight(out, in, kernel, kernel));
        return node("BatchNormalization", Map.of(), sums, weight(out), weight(out), weight(out), weight(out));
    }

    private String relu(String from) {
        return node("Relu", Map.of(), from);
    }

    private String node(String type, Map<String, Object> attributes, String... inputs) {
        String output = "v" + names++;
        graph.node(type, List.of(inputs), List.of(output), attributes);
        return output;
    }

    private String weight(int... extents) {
        String name = "w" + names++;
        Shape shape = Shape.of(extents);
        graph.weight(name, FloatTensor.wrap(shape, new float[Math.toIntExact(shape.elements())]));
        return name;
    }

    private static long[] square(int side) {
        return new long[] {side, side};
    }

    private static long[] pads(int each) {
        return new long[] {each, each, each, each};
    }
}
