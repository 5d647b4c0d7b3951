package io.acclimate.onnx.card;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.onnx.node.Tensors;
import io.acclimate.onnx.shape.OperatorFacts.Trait;
import io.acclimate.onnx.shape.StandardOperators;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a graph scales its pixels itself, which follows from the arithmetic on its input before the first layer. */
enum Rescaling {
    /** There is no arithmetic, or it does not tell. */
    NONE,
    /** The graph takes 0 to 1 and normalises that. */
    FROM_UNIT,
    /** The graph takes 0 to 255. */
    FROM_BYTES;

    /** A colour image has three constants at the most. */
    private static final int MOST_CONSTANTS = 4;

    /** What bytes vary by at least, over pictures. A picture that was scaled before varies by about 1 at most. */
    private static final double VARIANCE_OF_BYTES = 100;

    /** Operators that move or choose pixels and channels, and leave their values in the same range. */
    private static final Set<String> MOVING = Set.of("Transpose", "Gather", "Slice", "Pad", "Resize", "Upsample");

    static Rescaling of(GraphProto graph, String input) {
        return new Walk(graph).from(input);
    }

    /** Follows {@code slope · pixel + offset}, averaged over the channels, through the first operators. */
    private static final class Walk {
        private final GraphProto graph;
        private final Map<String, TensorProto> initializers = new HashMap<>();
        private double slope = 1;
        private double offset;

        Walk(GraphProto graph) {
            this.graph = graph;
            graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
        }

        Rescaling from(String input) {
            String value = input;
            for (int i = 0; i < graph.getNodeCount(); i++) {
                String read = value;
                List<NodeProto> readers = graph.getNodeList().stream()
                        .filter(node -> node.getInputList().contains(read))
                        .toList();
                if (readers.size() != 1 || !follow(readers.get(0), value)) {
                    break;
                }
                value = readers.get(0).getOutput(0);
            }
            if (slope == 1 && offset == 0) {
                return NONE;
            }
            // A byte is divided by 255 or by its spread of about 58, or a mean of about 120 is taken away. A large
            // offset behind
            // a large factor is that of a graph that makes bytes of 0 to 1.
            return Math.abs(slope) <= 0.1 || (Math.abs(offset) > 10 && Math.abs(slope) < 10)
                    ? FROM_BYTES
                    : Math.abs(slope) >= 0.5 ? FROM_UNIT : NONE;
        }

        private boolean follow(NodeProto node, String value) {
            String type = node.getOpType();
            if (MOVING.contains(type) || StandardOperators.facts(type).is(Trait.CARRIES_VALUES)) {
                return node.getInput(0).equals(value);
            }
            if (type.equals("BatchNormalization")) {
                return spread(node, value);
            }
            boolean first = node.getInput(0).equals(value);
            Optional<Double> by = node.getInputCount() == 2 ? constant(node.getInput(first ? 1 : 0)) : Optional.empty();
            if (by.isEmpty()) {
                return false;
            }
            double number = by.get();
            switch (type) {
                case "Add" -> offset += number;
                case "Sub" -> {
                    slope = first ? slope : -slope;
                    offset = first ? offset - number : number - offset;
                }
                case "Mul" -> {
                    slope *= number;
                    offset *= number;
                }
                case "Div" -> {
                    if (!first || number == 0) {
                        return false;
                    }
                    slope /= number;
                    offset /= number;
                }
                default -> {
                    return false;
                }
            }
            return true;
        }

        /** A batch norm that pixels go through first (MXNet's bn_data) knows how they varied in training. */
        private boolean spread(NodeProto node, String value) {
            Optional<Double> variance =
                    node.getInputCount() == 5 && node.getInput(0).equals(value)
                            ? constant(node.getInput(4))
                            : Optional.empty();
            if (variance.isEmpty() || variance.get() < VARIANCE_OF_BYTES) {
                return false;
            }
            slope /= Math.sqrt(variance.get());
            offset /= Math.sqrt(variance.get());
            return true;
        }

        private Optional<Double> constant(String name) {
            TensorProto tensor = initializers.get(name);
            if (tensor == null
                    || !Tensors.isFloat(tensor)
                    || Tensors.shape(tensor).elements() > MOST_CONSTANTS
                    || Tensors.shape(tensor).elements() == 0) {
                return Optional.empty();
            }
            double sum = 0;
            float[] values = Tensors.toFloats(tensor).values();
            for (float each : values) {
                sum += each;
            }
            return Optional.of(sum / values.length);
        }
    }
}
