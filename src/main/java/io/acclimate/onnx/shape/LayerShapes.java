package io.acclimate.onnx.shape;

import io.acclimate.onnx.shape.OperatorFacts.Declaration;
import io.acclimate.onnx.shape.OperatorFacts.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Layers: products, convolutions, recurrences and pools. An operator that would mix rows of the batch has an unknown shape. */
final class LayerShapes {
    private LayerShapes() {}

    static List<Declaration> declared() {
        ParameterRule recurrent = (input, weight) -> (input > 0 && input < 4) || input == 7;
        return List.of(
                declare("MatMul")
                        .needs(2)
                        .shape(LayerShapes::matMul)
                        .parameters(ParameterRule.ANY)
                        .is(Trait.LINEAR),
                declare("Gemm")
                        .needs(2)
                        .shape(LayerShapes::gemm)
                        .parameters(ParameterRule.AFTER_DATA)
                        .is(Trait.LINEAR),
                declare("Conv")
                        .needs(2)
                        .shape(LayerShapes::convolution)
                        .parameters(ParameterRule.AFTER_DATA)
                        .is(Trait.LINEAR),
                declare("ConvTranspose").needs(2).parameters(ParameterRule.AFTER_DATA),
                declare("Einsum").parameters(ParameterRule.ANY),
                declare("RNN").needs(3).parameters(recurrent),
                declare("GRU").needs(3).parameters(recurrent),
                declare("LSTM").needs(3).parameters(recurrent),
                declare("MaxPool").shape(LayerShapes::pool),
                declare("AveragePool").shape(LayerShapes::pool).is(Trait.TREATS_CLASSES_ALIKE),
                declare("GlobalAveragePool").shape(LayerShapes::globalPool).is(Trait.TREATS_CLASSES_ALIKE),
                declare("GlobalMaxPool").shape(LayerShapes::globalPool).is(Trait.TREATS_CLASSES_ALIKE));
    }

    private static Declaration declare(String type) {
        return OperatorFacts.declare(type);
    }

    private static List<Dim> matMul(NodeFacts node) {
        List<Dim> a = node.shape(0);
        List<Dim> b = node.shape(1);
        NodeFacts.require(a.size() > 1 && b.size() > 1, "a product of vectors");
        Dim inner = a.get(a.size() - 1);
        NodeFacts.require(inner.isNumber() && inner.equals(b.get(b.size() - 2)), "inner extents " + a + b);
        List<Dim> to = new ArrayList<>(
                ElementShapes.broadcast(List.of(a.subList(0, a.size() - 2), b.subList(0, b.size() - 2))));
        to.add(a.get(a.size() - 2));
        to.add(b.get(b.size() - 1));
        return to;
    }

    private static List<Dim> gemm(NodeFacts node) {
        List<Dim> a = turned(node.shape(0), node.attributes().integer("transA", 0));
        List<Dim> b = turned(node.shape(1), node.attributes().integer("transB", 0));
        NodeFacts.require(a.get(1).isNumber() && a.get(1).equals(b.get(0)), "inner extents " + a + b);
        List<Dim> to = List.of(a.get(0), b.get(1));
        NodeFacts.require(
                !node.has(2)
                        || ElementShapes.broadcast(List.of(to, node.shape(2))).equals(to),
                "the addend's shape");
        return to;
    }

    private static List<Dim> turned(List<Dim> shape, long turn) {
        return turn == 0 ? shape : List.of(shape.get(1), shape.get(0));
    }

    private static List<Dim> convolution(NodeFacts node) {
        List<Dim> weight = node.shape(1);
        Dim channels = weight.get(1).times(Dim.of(node.attributes().integer("group", 1)));
        NodeFacts.require(node.shape(0).get(1).equals(channels), "channels");
        long[] kernel =
                weight.subList(2, weight.size()).stream().mapToLong(Dim::factor).toArray();
        List<Dim> to = windows(node, kernel);
        to.set(1, weight.get(0));
        return to;
    }

    private static List<Dim> pool(NodeFacts node) {
        return windows(node, node.attributes().integers("kernel_shape"));
    }

    /** {@code [batch, channels, …]} with the window slid over the spatial axes. */
    private static List<Dim> windows(NodeFacts node, long[] kernel) {
        List<Dim> to = new ArrayList<>(node.shape(0));
        long[] ones = new long[kernel.length];
        Arrays.fill(ones, 1);
        long[] strides = node.attributes().integers("strides", ones);
        long[] dilations = node.attributes().integers("dilations", ones);
        long[] pads = node.attributes().integers("pads", new long[2 * kernel.length]);
        String auto = node.attributes().text("auto_pad", "NOTSET");
        boolean ceil = node.attributes().integer("ceil_mode", 0) == 1;
        NodeFacts.require(to.size() == kernel.length + 2, "spatial axes");
        for (int i = 0; i < kernel.length; i++) {
            Dim extent = to.get(i + 2);
            if (!extent.isNumber()) {
                to.set(i + 2, Dim.UNKNOWN);
                continue;
            }
            long size = extent.factor();
            if (auto.startsWith("SAME")) {
                to.set(i + 2, Dim.of((size + strides[i] - 1) / strides[i]));
                continue;
            }
            long padded = auto.equals("VALID") ? size : size + pads[i] + pads[kernel.length + i];
            long room = padded - (kernel[i] - 1) * dilations[i] - 1;
            long count = (ceil ? (room + strides[i] - 1) / strides[i] : room / strides[i]) + 1;
            // A last window that would start in the padding behind does not count.
            boolean outside = ceil && (count - 1) * strides[i] >= size + pads[i];
            NodeFacts.require(room >= 0, "the window is larger than the input");
            to.set(i + 2, Dim.of(outside ? count - 1 : count));
        }
        return to;
    }

    private static List<Dim> globalPool(NodeFacts node) {
        List<Dim> to = new ArrayList<>(node.shape(0));
        for (int i = 2; i < to.size(); i++) {
            NodeFacts.requireNotBatch(to.get(i));
            to.set(i, Dim.ONE);
        }
        return to;
    }
}
