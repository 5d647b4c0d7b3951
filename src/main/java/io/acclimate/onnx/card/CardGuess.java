package io.acclimate.onnx.card;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.core.ClassNames;
import io.acclimate.core.InputSpec;
import io.acclimate.core.InputSpec.Colour;
import io.acclimate.core.InputSpec.Layout;
import io.acclimate.core.InputSpec.Resize;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Makes a card for a model that has none. Input shape, output name and kind are read from the graph. The rest are the usual
 * choices: RGB, stretched, ImageNet's mean and std from 128 pixels up and 0.5 below, classes named by index.
 */
public final class CardGuess {
    private static final int MAX_CLASSES = 1_000_000;

    private CardGuess() {}

    /** An extent as an int. What does not fit an int does not fit a card either. */
    private static int clamp(long extent) {
        return (int) Math.max(-1, Math.min(Integer.MAX_VALUE, extent));
    }

    public static ModelCard of(String file, String name, GraphProto graph) throws InvalidModelException {
        ValueInfoProto input = graph.getInput(0);
        TensorShapeProto shape = input.getType().getTensorType().getShape();
        if (shape.getDimCount() != 4) {
            throw new InvalidModelException(
                    file,
                    "input '" + input.getName() + "' has " + shape.getDimCount() + " extents, an image model has 4");
        }
        long second = shape.getDim(1).getDimValue();
        long last = shape.getDim(3).getDimValue();
        boolean nchw = second == 3 || (second == 1 && last != 3);
        int channels = clamp(nchw ? second : last);
        int height = clamp(shape.getDim(nchw ? 2 : 1).getDimValue());
        int width = clamp(shape.getDim(nchw ? 3 : 2).getDimValue());
        if ((channels != 1 && channels != 3) || height < 1 || width < 1) {
            throw new InvalidModelException(
                    file,
                    "there is no card beside it, and its input '" + input.getName()
                            + "' does not say channels, height and width");
        }
        boolean imageNet = channels == 3 && height >= 128;
        InputSpec spec = new InputSpec(
                channels,
                height,
                width,
                nchw ? Layout.NCHW : Layout.NHWC,
                channels == 1 ? Colour.GREY : Colour.RGB,
                Resize.STRETCH,
                imageNet ? List.of(0.485f, 0.456f, 0.406f) : Collections.nCopies(channels, 0.5f),
                imageNet ? List.of(0.229f, 0.224f, 0.225f) : Collections.nCopies(channels, 0.5f));
        String output = graph.getOutput(0).getName();
        int classes = classes(graph, output)
                .orElseThrow(() -> new InvalidModelException(
                        file,
                        "there is no card beside it, and its output '" + output
                                + "' does not say how many classes there are"));
        if (classes > MAX_CLASSES) {
            throw new InvalidModelException(
                    file, "output '" + output + "' has " + classes + " classes, at most " + MAX_CLASSES + " are taken");
        }
        return new ModelCard(
                name,
                input.getName(),
                spec,
                output,
                kind(graph, output),
                new ClassNames(IntStream.range(0, classes)
                        .mapToObj(i -> String.valueOf(i))
                        .toList()),
                Map.of("card", "guessed from the graph"));
    }

    private static ModelCard.OutputKind kind(GraphProto graph, String output) {
        String wanted = output;
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = graph.getNode(i);
            if (node.getOutputList().contains(wanted)) {
                switch (node.getOpType()) {
                    case "Softmax", "Sigmoid" -> {
                        return ModelCard.OutputKind.PROBABILITIES;
                    }
                    case "Identity", "Flatten", "Reshape", "Squeeze" ->
                        wanted = node.getInputCount() == 0 ? "" : node.getInput(0);
                    default -> {
                        return ModelCard.OutputKind.LOGITS;
                    }
                }
            }
        }
        return ModelCard.OutputKind.LOGITS;
    }

    /** The declared last extent of the output or, where there is none, the extent of the last matrix. */
    static OptionalInt classes(GraphProto graph, String output) {
        for (ValueInfoProto each : graph.getOutputList()) {
            TensorShapeProto shape = each.getType().getTensorType().getShape();
            if (each.getName().equals(output)
                    && shape.getDimCount() == 2
                    && shape.getDim(1).getDimValue() > 0) {
                return OptionalInt.of(clamp(shape.getDim(1).getDimValue()));
            }
        }
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = graph.getNode(i);
            boolean product =
                    node.getOpType().equals("Gemm") || node.getOpType().equals("MatMul");
            if (product && node.getInputCount() > 1) {
                boolean transposed = node.getAttributeList().stream()
                        .anyMatch(a -> a.getName().equals("transB") && a.getI() == 1);
                return graph.getInitializerList().stream()
                        .filter(t -> t.getName().equals(node.getInput(1)) && t.getDimsCount() == 2)
                        .mapToInt(t -> clamp(t.getDims(transposed ? 0 : 1)))
                        .findFirst();
            }
        }
        return OptionalInt.empty();
    }
}
