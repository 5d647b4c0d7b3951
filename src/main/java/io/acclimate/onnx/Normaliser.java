package io.acclimate.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.core.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One form for what exporters write in many: {@code Constant} nodes become initializers; an initializer behind {@code Identity}
 * becomes an initializer of its own, since exporters share parameters that were merely equal; initializers stop being graph
 * inputs; unused ones go; nodes exported in training mode infer; the batch is dynamic. Applying it twice changes nothing.
 */
final class Normaliser {
    private final ModelProto model;
    private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
    private final List<NodeProto> nodes = new ArrayList<>();

    Normaliser(ModelProto model) {
        this.model = model;
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            initializers.put(tensor.getName(), tensor);
        }
    }

    ModelProto normalise() {
        GraphProto graph = model.getGraph();
        Set<String> outputs = new HashSet<>();
        graph.getOutputList().forEach(output -> outputs.add(output.getName()));
        for (NodeProto node : graph.getNodeList()) {
            if (!becomesInitializer(node, outputs)) {
                nodes.add(InferenceMode.of(node));
            }
        }
        Set<String> used = new HashSet<>(outputs);
        nodes.forEach(node -> collectUses(node, used));
        initializers.keySet().retainAll(used);
        GraphProto.Builder out = graph.toBuilder()
                .clearInitializer()
                .clearNode()
                .clearInput()
                .clearOutput()
                .clearValueInfo();
        boolean fixedBatch = false;
        Set<String> stored = new HashSet<>();
        graph.getInitializerList().forEach(tensor -> stored.add(tensor.getName()));
        for (ValueInfoProto input : graph.getInputList()) {
            if (!stored.contains(input.getName())) {
                fixedBatch |= hasFixedBatch(input);
                out.addInput(dynamicBatch(input));
            }
        }
        if (fixedBatch) {
            loosenReshapes();
        }
        graph.getOutputList().forEach(output -> out.addOutput(dynamicBatch(output)));
        out.addAllNode(nodes).addAllInitializer(initializers.values());
        return model.toBuilder().setGraph(out).build();
    }

    private boolean becomesInitializer(NodeProto node, Set<String> outputs) {
        if (node.getOutputCount() != 1 || outputs.contains(node.getOutput(0))) {
            return false;
        }
        String name = node.getOutput(0);
        if (node.getOpType().equals("Constant")) {
            for (AttributeProto attribute : node.getAttributeList()) {
                TensorProto tensor =
                        switch (attribute.getName()) {
                            case "value" -> attribute.getT();
                            case "value_int" -> Tensors.toProto(name, Shape.of(), attribute.getI());
                            case "value_ints" ->
                                Tensors.toProto(
                                        name,
                                        Shape.of(attribute.getIntsCount()),
                                        attribute.getIntsList().stream()
                                                .mapToLong(Long::longValue)
                                                .toArray());
                            case "value_float" ->
                                TensorProto.newBuilder()
                                        .setDataType(TensorProto.DataType.FLOAT.getNumber())
                                        .addFloatData(attribute.getF())
                                        .build();
                            case "value_floats" ->
                                TensorProto.newBuilder()
                                        .setDataType(TensorProto.DataType.FLOAT.getNumber())
                                        .addDims(attribute.getFloatsCount())
                                        .addAllFloatData(attribute.getFloatsList())
                                        .build();
                            default -> TensorProto.getDefaultInstance();
                        };
                if (tensor.getDataType() != 0) {
                    initializers.put(name, tensor.toBuilder().setName(name).build());
                    return true;
                }
            }
        }
        if (node.getOpType().equals("Identity") && node.getInputCount() == 1) {
            TensorProto source = initializers.get(node.getInput(0));
            if (source != null) {
                initializers.put(name, source.toBuilder().setName(name).build());
                return true;
            }
        }
        return false;
    }

    /** The values that a node reads, with those that its inner graphs read or give. */
    static void collectUses(NodeProto node, Set<String> used) {
        used.addAll(node.getInputList());
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                attribute.getG().getNodeList().forEach(inner -> collectUses(inner, used));
                attribute.getG().getOutputList().forEach(output -> used.add(output.getName()));
            }
        }
    }

    private static boolean hasFixedBatch(ValueInfoProto value) {
        TensorShapeProto shape = value.getType().getTensorType().getShape();
        return shape.getDimCount() > 0 && shape.getDim(0).hasDimValue();
    }

    private static ValueInfoProto dynamicBatch(ValueInfoProto value) {
        if (value.getType().getTensorType().getShape().getDimCount() == 0) {
            return value;
        }
        ValueInfoProto.Builder out = value.toBuilder();
        out.getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .clearDimValue()
                .setDimParam("batch");
        return out.build();
    }

    /** A reshape to {@code [1, …]} in a graph exported for one image keeps the first extent free instead. */
    private void loosenReshapes() {
        for (NodeProto node : nodes) {
            TensorProto shape = node.getOpType().equals("Reshape") && node.getInputCount() == 2
                    ? initializers.get(node.getInput(1))
                    : null;
            if (shape == null || shape.getDimsCount() != 1) {
                continue;
            }
            long[] extents = Tensors.toConstant(shape).map(c -> c.longs()).orElseGet(() -> new long[0]);
            boolean hasFree = false;
            for (long extent : extents) {
                hasFree |= extent == -1;
            }
            if (extents.length > 1 && extents[0] > 0) {
                extents[0] = hasFree ? 0 : -1;
                initializers.put(shape.getName(), Tensors.toProto(shape.getName(), Shape.of(extents.length), extents));
            }
        }
    }
}
