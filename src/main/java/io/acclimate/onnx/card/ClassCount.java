package io.acclimate.onnx.card;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.onnx.node.Attributes;
import io.acclimate.onnx.shape.Dim;
import io.acclimate.onnx.shape.ShapeInference;
import io.acclimate.onnx.shape.ValueFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How many values an output has for each row: by its declared shape, by the shapes that the graph's operators give, by the class labels
 * of a classifier of {@code ai.onnx.ml}, or by the last matrix of weights that leads to it. For one graph.
 */
final class ClassCount {
    private final GraphProto graph;
    private final OutputTrace trace;
    private final int opset;
    private Optional<ShapeInference> inference = Optional.empty();

    ClassCount(GraphProto graph, OutputTrace trace, int opset) {
        this.graph = graph;
        this.trace = trace;
        this.opset = opset;
    }

    OptionalInt of(String output) {
        for (ValueInfoProto each : graph.getOutputList()) {
            if (each.getName().equals(output)) {
                OptionalInt declared = declared(each.getType().getTensorType().getShape());
                if (declared.isPresent()) {
                    return declared;
                }
            }
        }
        Optional<List<String>> labels = labels(output);
        if (labels.isPresent()) {
            return OptionalInt.of(labels.get().size());
        }
        OptionalInt told = told(output);
        return told.isPresent() ? told : lastMatrix(output);
    }

    /** The extent of a row with one extent, also if extents of 1 surround it, as in {@code [N, C, 1, 1]}. */
    static OptionalInt declared(TensorShapeProto shape) {
        List<Dim> extents = new ArrayList<>();
        shape.getDimList().forEach(dim -> extents.add(dim.getDimValue() > 0 ? Dim.of(dim.getDimValue()) : Dim.UNKNOWN));
        return columns(extents);
    }

    private static OptionalInt columns(List<Dim> shape) {
        if (shape.size() < 2) {
            return OptionalInt.empty();
        }
        long columns = 1;
        for (Dim each : shape.subList(1, shape.size())) {
            if (!each.isNumber() || (each.factor() != 1 && columns != 1)) {
                return OptionalInt.empty();
            }
            columns = Math.max(columns, each.factor());
        }
        return OptionalInt.of(clamp(columns));
    }

    /** An extent as an int. What does not fit an int does not fit a card either. */
    static int clamp(long extent) {
        return (int) Math.max(-1, Math.min(Integer.MAX_VALUE, extent));
    }

    /** The class labels that a classifier of {@code ai.onnx.ml} or its ZipMap names. */
    Optional<List<String>> labels(String output) {
        Optional<NodeProto> zip = trace.producer(output).filter(OutputTrace::isMachineLearning);
        for (Optional<NodeProto> node : List.of(zip, trace.maker(output).filter(OutputTrace::isMachineLearning))) {
            if (node.isPresent()) {
                Attributes attributes = new Attributes(node.get().getAttributeList());
                for (String key : List.of("classlabels_strings", "classlabels_int64s", "classlabels_ints")) {
                    List<String> labels = attributes.labels(key);
                    if (!labels.isEmpty()) {
                        return Optional.of(labels);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private OptionalInt told(String output) {
        if (inference.isEmpty()) {
            inference = Optional.of(walked());
        }
        return inference.get().of(output).shape().map(ClassCount::columns).orElse(OptionalInt.empty());
    }

    private ShapeInference walked() {
        ShapeInference walk = new ShapeInference(opset, false);
        graph.getInitializerList().forEach(tensor -> walk.put(tensor.getName(), ValueFacts.of(tensor)));
        for (ValueInfoProto input : graph.getInputList()) {
            List<Dim> extents = new ArrayList<>();
            for (TensorShapeProto.Dimension dim :
                    input.getType().getTensorType().getShape().getDimList()) {
                boolean known = dim.getDimValue() > 0;
                extents.add(extents.isEmpty() ? Dim.BATCH : known ? Dim.of(dim.getDimValue()) : Dim.UNKNOWN);
            }
            if (!extents.isEmpty()) {
                walk.put(
                        input.getName(),
                        ValueFacts.shaped(input.getType().getTensorType().getElemType(), extents));
            }
        }
        graph.getNodeList().forEach(walk::walk);
        return walk;
    }

    /** The columns of the last matrix among the nodes that lead to the output. */
    private OptionalInt lastMatrix(String output) {
        Map<String, TensorProto> initializers = new HashMap<>();
        graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
        Set<String> wanted = new HashSet<>(Set.of(output));
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = graph.getNode(i);
            if (node.getOutputList().stream().anyMatch(wanted::contains)) {
                wanted.addAll(node.getInputList());
                boolean product =
                        node.getOpType().equals("Gemm") || node.getOpType().equals("MatMul");
                TensorProto matrix = node.getInputCount() > 1 ? initializers.get(node.getInput(1)) : null;
                if (product && matrix != null && matrix.getDimsCount() == 2) {
                    boolean transposed = new Attributes(node.getAttributeList()).integer("transB", 0) == 1;
                    return OptionalInt.of(clamp(matrix.getDims(transposed ? 0 : 1)));
                }
            }
        }
        return OptionalInt.empty();
    }
}
