package io.acclimate.onnx.card;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.core.InputSpec.Layout;
import io.acclimate.onnx.node.Attributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The convolution that reads the pixels first. It takes the channels as its second extent, so that the transposition before it, if
 * there is one, says where they are in a row, and its weights say how many there are. This is a proof where the input's extents leave
 * the layout open.
 *
 * @param channels that it takes
 */
record FirstConvolution(Layout layout, int channels) {
    private static final Set<String> CONVOLUTIONS = Set.of("Conv", "ConvInteger", "QLinearConv");

    /** Operators that leave each extent where it is, whatever they do with the values. */
    private static final Set<String> KEEPING = Set.of(
            "Cast",
            "Identity",
            "Dropout",
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Clip",
            "Pad",
            "Resize",
            "Upsample",
            "BatchNormalization",
            "QuantizeLinear",
            "DequantizeLinear",
            "DynamicQuantizeLinear");

    /** Operators that give weights of the same extents. */
    private static final Set<String> OF_WEIGHTS = Set.of("Cast", "Identity", "DequantizeLinear", "QuantizeLinear");

    private static final int[] IN_PLACE = {0, 1, 2, 3};
    private static final int[] CHANNELS_LAST = {0, 3, 1, 2};

    /** Empty when something else comes first, or when several ways lead from the input. */
    static Optional<FirstConvolution> of(GraphProto graph, String input) {
        Map<String, NodeProto> producers = new HashMap<>();
        Map<String, TensorProto> weights = new HashMap<>();
        graph.getNodeList().forEach(node -> node.getOutputList().forEach(name -> producers.put(name, node)));
        graph.getInitializerList().forEach(tensor -> weights.put(tensor.getName(), tensor));
        String value = input;
        int[] axes = IN_PLACE;
        for (int steps = 0; steps < graph.getNodeCount(); steps++) {
            String read = value;
            List<NodeProto> readers = graph.getNodeList().stream()
                    .filter(node -> node.getInputList().contains(read)
                            && !node.getOpType().equals("Shape"))
                    .toList();
            if (readers.size() != 1) {
                return Optional.empty();
            }
            NodeProto reader = readers.get(0);
            if (CONVOLUTIONS.contains(reader.getOpType())) {
                return taken(reader, axes, weight(reader, weights, producers));
            }
            if (reader.getOpType().equals("Transpose")) {
                axes = moved(axes, new Attributes(reader.getAttributeList()).integers("perm"));
            } else if (!KEEPING.contains(reader.getOpType())) {
                return Optional.empty();
            }
            value = reader.getOutput(0);
        }
        return Optional.empty();
    }

    private static Optional<FirstConvolution> taken(NodeProto node, int[] axes, Optional<TensorProto> weight) {
        boolean first = Arrays.equals(axes, IN_PLACE);
        if (weight.isEmpty() || weight.get().getDimsCount() != 4 || (!first && !Arrays.equals(axes, CHANNELS_LAST))) {
            return Optional.empty();
        }
        long groups = new Attributes(node.getAttributeList()).integer("group", 1);
        long channels = groups * weight.get().getDims(1);
        return Optional.of(new FirstConvolution(first ? Layout.NCHW : Layout.NHWC, ClassCount.clamp(channels)));
    }

    private static Optional<TensorProto> weight(
            NodeProto node, Map<String, TensorProto> weights, Map<String, NodeProto> producers) {
        int at = node.getOpType().equals("QLinearConv") ? 3 : 1;
        if (node.getInputCount() <= at) {
            return Optional.empty();
        }
        String name = node.getInput(at);
        for (int steps = 0; steps <= OF_WEIGHTS.size() && producers.containsKey(name); steps++) {
            NodeProto made = producers.get(name);
            if (!OF_WEIGHTS.contains(made.getOpType()) || made.getInputCount() == 0) {
                return Optional.empty();
            }
            name = made.getInput(0);
        }
        return Optional.ofNullable(weights.get(name));
    }

    /** Where each extent comes from after another transposition. */
    private static int[] moved(int[] axes, long[] perm) {
        int[] moved = new int[perm.length];
        for (int i = 0; i < perm.length; i++) {
            int from = (int) perm[i];
            moved[i] = from >= 0 && from < axes.length ? axes[from] : -1;
        }
        return moved;
    }
}
