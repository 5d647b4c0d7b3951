package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.onnx.shape.OperatorFacts.Trait;
import io.acclimate.onnx.shape.StandardOperators;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a normalised graph decides among its classes: the last Gemm, MatMul or Conv with an initializer as its matrix before the
 * output, found by walking back from it over operators that treat all classes alike (Softmax, pooling, reshapes, a bias).
 *
 * @param rows the tensors with a slice per class, matrix first
 * @param path the nodes from the one with the matrix to the output, last first
 */
record Head(List<Rows> rows, List<NodeProto> path) {
    /**
     * A tensor with a slice per class.
     *
     * @param axis of the classes
     * @param matrix false for a bias
     */
    record Rows(String tensor, int axis, boolean matrix) {}

    Head {
        rows = List.copyOf(rows);
        path = List.copyOf(path);
    }

    /** @throws IllegalArgumentException that names the operator which keeps the head from being found */
    static Head find(GraphProto graph, String output, int classes) {
        return new Finder(graph, classes).find(output);
    }

    /** One walk back through a graph. */
    private static final class Finder {
        private final Map<String, NodeProto> producers = new HashMap<>();
        private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
        private final List<Rows> biases = new ArrayList<>();
        private final List<NodeProto> path = new ArrayList<>();
        private final int classes;

        Finder(GraphProto graph, int classes) {
            this.classes = classes;
            graph.getNodeList().forEach(node -> node.getOutputList().forEach(name -> producers.put(name, node)));
            graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
        }

        Head find(String output) {
            String value = output;
            while (true) {
                NodeProto node = producers.get(value);
                if (node == null) {
                    throw new IllegalArgumentException("no linear layer leads to output '" + output + "'");
                }
                path.add(node);
                Optional<Rows> matrix = matrix(node);
                if (matrix.isPresent()) {
                    List<Rows> rows = new ArrayList<>(List.of(matrix.get()));
                    if (node.getInputCount() > 2 && !node.getInput(2).isEmpty()) {
                        bias(node, node.getInput(2)).ifPresent(rows::add);
                    }
                    rows.addAll(biases);
                    return new Head(rows, path);
                }
                value = before(node);
            }
        }

        private Optional<Rows> matrix(NodeProto node) {
            TensorProto tensor = node.getInputCount() > 1 ? initializers.get(node.getInput(1)) : null;
            String operator = node.getOpType();
            NodeProto turned = node.getInputCount() > 1 ? producers.get(node.getInput(1)) : null;
            boolean transposed = false;
            if (operator.equals("MatMul")
                    && turned != null
                    && turned.getOpType().equals("Transpose")
                    && initializers.containsKey(turned.getInput(0))) {
                tensor = initializers.get(turned.getInput(0));
                transposed = true;
                path.add(turned);
            }
            if (tensor == null || !StandardOperators.facts(operator).is(Trait.LINEAR)) {
                return Optional.empty();
            }
            boolean rowsFirst = transposed
                    || operator.equals("Conv")
                    || node.getAttributeList().stream()
                            .anyMatch(each -> each.getName().equals("transB") && each.getI() == 1);
            int axis = rowsFirst ? 0 : 1;
            boolean grouped = node.getAttributeList().stream()
                    .anyMatch(each -> each.getName().equals("group") && each.getI() != 1);
            if (tensor.getDimsCount() < 2 || tensor.getDims(axis) != classes || grouped) {
                throw new IllegalArgumentException("the last layer, " + name(node) + ", has weights "
                        + tensor.getDimsList() + (grouped ? " in groups" : "") + " for " + classes + " classes");
            }
            return Optional.of(new Rows(tensor.getName(), axis, true));
        }

        /** The value before a node that treats all classes alike. */
        private String before(NodeProto node) {
            switch (node.getOpType()) {
                case "Reshape" -> {
                    if (!initializers.containsKey(node.getInput(1))) {
                        throw stranger(node);
                    }
                }
                case "Add" -> {
                    int constant = initializers.containsKey(node.getInput(0)) ? 0 : 1;
                    bias(node, node.getInput(constant)).ifPresent(biases::add);
                    return node.getInput(1 - constant);
                }
                case "Sub", "Mul", "Div" -> {
                    TensorProto by = initializers.get(node.getInput(1));
                    if (by == null || elements(by) != 1) {
                        throw stranger(node);
                    }
                }
                default -> {
                    if (!StandardOperators.facts(node.getOpType()).is(Trait.TREATS_CLASSES_ALIKE)) {
                        throw stranger(node);
                    }
                }
            }
            return node.getInput(0);
        }

        /** The rows of a bias; empty for one that all classes share. */
        private Optional<Rows> bias(NodeProto node, String name) {
            TensorProto tensor = initializers.get(name);
            if (tensor == null) {
                throw stranger(node);
            }
            int axis = -1;
            for (int i = 0; i < tensor.getDimsCount(); i++) {
                axis = tensor.getDims(i) == classes ? i : axis;
            }
            if (axis >= 0 && elements(tensor) == classes) {
                return Optional.of(new Rows(name, axis, false));
            }
            if (elements(tensor) == 1) {
                return Optional.empty();
            }
            throw new IllegalArgumentException("the bias of " + name(node) + " has shape " + tensor.getDimsList()
                    + " for " + classes + " classes");
        }

        private static long elements(TensorProto tensor) {
            return tensor.getDimsList().stream().reduce(1L, (a, b) -> a * b);
        }

        private static IllegalArgumentException stranger(NodeProto node) {
            return new IllegalArgumentException(
                    name(node) + " comes between the last linear layer and the output, and may tell classes apart");
        }

        private static String name(NodeProto node) {
            return node.getOpType() + " '" + (node.getName().isEmpty() ? node.getOutput(0) : node.getName()) + "'";
        }
    }
}
