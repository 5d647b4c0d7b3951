package io.acclimate.onnx.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Shapes of operators that compute. An operator that would mix rows of the batch has an unknown shape. */
final class LayerShapes {
    private LayerShapes() {}

    static List<Dim> broadcast(List<List<Dim>> shapes) {
        int rank = shapes.stream().mapToInt(List::size).max().orElse(0);
        List<Dim> to = new ArrayList<>(Collections.nCopies(rank, Dim.ONE));
        for (List<Dim> shape : shapes) {
            for (int i = 0; i < shape.size(); i++) {
                int at = rank - shape.size() + i;
                to.set(at, together(to.get(at), shape.get(i)));
            }
        }
        return to;
    }

    private static Dim together(Dim a, Dim b) {
        if (a.isNumber(1) || a.equals(b)) {
            return b;
        }
        if (b.isNumber(1)) {
            return a;
        }
        // Something unknown fits a number above 1 only as that number or as 1.
        return !a.isKnown() && b.isNumber() ? b : a.isNumber() && !b.isKnown() ? a : Dim.UNKNOWN;
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalArgumentException(what);
        }
    }

    static List<Dim> matMul(NodeFacts node) {
        List<Dim> a = node.shape(0);
        List<Dim> b = node.shape(1);
        require(a.size() > 1 && b.size() > 1, "a product of vectors");
        Dim inner = a.get(a.size() - 1);
        require(inner.isNumber() && inner.equals(b.get(b.size() - 2)), "inner extents " + a + b);
        List<Dim> to = new ArrayList<>(broadcast(List.of(a.subList(0, a.size() - 2), b.subList(0, b.size() - 2))));
        to.add(a.get(a.size() - 2));
        to.add(b.get(b.size() - 1));
        return to;
    }

    static List<Dim> gemm(NodeFacts node) {
        List<Dim> a = turned(node.shape(0), node.attributes().integer("transA", 0));
        List<Dim> b = turned(node.shape(1), node.attributes().integer("transB", 0));
        require(a.get(1).isNumber() && a.get(1).equals(b.get(0)), "inner extents " + a + b);
        List<Dim> to = List.of(a.get(0), b.get(1));
        require(!node.has(2) || broadcast(List.of(to, node.shape(2))).equals(to), "the addend's shape");
        return to;
    }

    private static List<Dim> turned(List<Dim> shape, long turn) {
        return turn == 0 ? shape : List.of(shape.get(1), shape.get(0));
    }

    static List<Dim> convolution(NodeFacts node) {
        List<Dim> weight = node.shape(1);
        Dim channels = weight.get(1).times(Dim.of(node.attributes().integer("group", 1)));
        require(node.shape(0).get(1).equals(channels), "channels");
        long[] kernel =
                weight.subList(2, weight.size()).stream().mapToLong(Dim::factor).toArray();
        List<Dim> to = windows(node, kernel);
        to.set(1, weight.get(0));
        return to;
    }

    static List<Dim> pool(NodeFacts node) {
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
        require(to.size() == kernel.length + 2, "spatial axes");
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
            require(room >= 0, "the window is larger than the input");
            to.set(i + 2, Dim.of(outside ? count - 1 : count));
        }
        return to;
    }

    static List<Dim> globalPool(NodeFacts node) {
        List<Dim> to = new ArrayList<>(node.shape(0));
        for (int i = 2; i < to.size(); i++) {
            apart(to.get(i));
            to.set(i, Dim.ONE);
        }
        return to;
    }

    static List<Dim> reduce(NodeFacts node) {
        List<Dim> to = new ArrayList<>(node.shape(0));
        long[] given = node.list("axes", 1).orElse(new long[0]);
        if (given.length == 0 && node.attributes().integer("noop_with_empty_axes", 0) == 1) {
            return to;
        }
        int[] axes = given.length == 0 ? NodeFacts.all(to.size()) : node.axes(given, to.size());
        boolean keep = node.attributes().integer("keepdims", 1) == 1;
        for (int axis : axes) {
            apart(to.get(axis));
            to.set(axis, keep ? Dim.ONE : Dim.of(-1));
        }
        to.removeIf(each -> each.isNumber(-1));
        return to;
    }

    static List<Dim> extreme(NodeFacts node) {
        List<Dim> to = new ArrayList<>(node.shape(0));
        int axis = node.axis("axis", 0, to.size());
        apart(to.get(axis));
        to.set(axis, Dim.ONE);
        if (node.attributes().integer("keepdims", 1) == 0) {
            to.remove(axis);
        }
        return to;
    }

    /** The input's shape, where no row of the batch is compared with another. */
    static List<Dim> softmax(NodeFacts node) {
        List<Dim> shape = node.shape(0);
        int axis = node.axis("axis", node.opset() < 13 ? 1 : -1, shape.size());
        shape.subList(axis, node.opset() < 13 ? shape.size() : axis + 1).forEach(LayerShapes::apart);
        return shape;
    }

    static List<Dim> layerNormalization(NodeFacts node) {
        List<Dim> shape = node.shape(0);
        shape.subList(node.axis("axis", -1, shape.size()), shape.size()).forEach(LayerShapes::apart);
        return shape;
    }

    /** Per channel, or over what follows the batch. */
    static List<Dim> normalization(NodeFacts node) {
        List<Dim> shape = node.shape(0);
        shape.subList(1, shape.size()).forEach(LayerShapes::apart);
        return shape;
    }

    private static void apart(Dim extent) {
        require(!extent.isBatch(), "over the batch");
    }
}
