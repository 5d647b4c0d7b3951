package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code Constant} nodes become initializers, and {@code Identity} goes: behind an initializer it becomes an initializer of its own,
 * since exporters share parameters that were merely equal; behind anything else its readers read the source. A weight that
 * several operators read directly stays one.
 */
final class ConstantNodes {
    private ConstantNodes() {}

    static void resolve(GraphDraft draft) {
        Map<String, String> sources = new HashMap<>();
        List<NodeProto> kept = new ArrayList<>();
        for (NodeProto each : draft.nodes()) {
            NodeProto node = GraphDraft.renamed(each, name -> sources.getOrDefault(name, name));
            if (!resolved(draft, node, sources)) {
                kept.add(InferenceMode.of(node));
            }
        }
        draft.replaceNodes(kept);
    }

    private static boolean resolved(GraphDraft draft, NodeProto node, Map<String, String> sources) {
        if (node.getOutputCount() != 1 || draft.isOutput(node.getOutput(0))) {
            return false;
        }
        String name = node.getOutput(0);
        if (node.getOpType().equals("Constant") && node.getAttributeCount() == 1) {
            Optional<TensorProto> value = value(node.getAttribute(0));
            value.ifPresent(tensor -> draft.initializers()
                    .put(name, tensor.toBuilder().setName(name).build()));
            return value.isPresent();
        }
        if (!node.getOpType().equals("Identity") || node.getInputCount() != 1) {
            return false;
        }
        TensorProto source = draft.initializers().get(node.getInput(0));
        if (source == null) {
            sources.put(name, node.getInput(0));
        } else {
            draft.initializers().put(name, source.toBuilder().setName(name).build());
        }
        return true;
    }

    private static Optional<TensorProto> value(AttributeProto attribute) {
        int real = TensorProto.DataType.FLOAT.getNumber();
        return switch (attribute.getName()) {
            case "value" -> Optional.of(attribute.getT()).filter(tensor -> tensor.getDataType() != 0);
            case "value_int" -> Optional.of(Tensors.toProto("", Shape.of(), attribute.getI()));
            case "value_ints" ->
                Optional.of(Tensors.toProto(
                        "",
                        Shape.of(attribute.getIntsCount()),
                        attribute.getIntsList().stream()
                                .mapToLong(Long::longValue)
                                .toArray()));
            case "value_float" ->
                Optional.of(TensorProto.newBuilder()
                        .setDataType(real)
                        .addFloatData(attribute.getF())
                        .build());
            case "value_floats" ->
                Optional.of(TensorProto.newBuilder()
                        .setDataType(real)
                        .addDims(attribute.getFloatsCount())
                        .addAllFloatData(attribute.getFloatsList())
                        .build());
            default -> Optional.empty();
        };
    }
}
