package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.Tensors;
import io.acclimate.onnx.shape.Dim;
import io.acclimate.onnx.shape.ShapeInference;
import io.acclimate.onnx.shape.ValueFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Integers that are known before anything runs become initializers, and a target of {@code Reshape} that holds the batch becomes
 * one with a free extent in its place: what exporters compute of static extents on every run is computed once.
 */
final class ShapeFolding {
    private ShapeFolding() {}

    static void fold(GraphDraft draft) {
        ShapeInference inference = draft.inference(false);
        List<NodeProto> kept = new ArrayList<>();
        for (NodeProto node : draft.nodes()) {
            inference.walk(node);
            Optional<TensorProto> constant = node.getOutputCount() == 1 && !draft.isOutput(node.getOutput(0))
                    ? inference.of(node.getOutput(0)).toProto(node.getOutput(0))
                    : Optional.empty();
            if (constant.isPresent()) {
                draft.initializers().put(node.getOutput(0), constant.get());
            } else {
                kept.add(node.getOpType().equals("Reshape") ? freed(draft, inference, node) : node);
            }
        }
        draft.replaceNodes(kept);
    }

    private static NodeProto freed(GraphDraft draft, ShapeInference inference, NodeProto node) {
        ValueFacts out = inference.of(node.getOutput(0));
        if (node.getInputCount() < 2 || draft.initializers().containsKey(node.getInput(1)) || !out.hasFullShape()) {
            return node;
        }
        List<Dim> shape = out.shape().orElseThrow();
        boolean one = shape.stream().filter(Dim::isBatch).count() == 1;
        return one && shape.stream().noneMatch(each -> each.isNumber(0)) ? withTarget(draft, node, shape) : node;
    }

    /** The node with the batch's extent left free. */
    static NodeProto withTarget(GraphDraft draft, NodeProto node, List<Dim> shape) {
        long[] target = shape.stream()
                .mapToLong(each -> each.isBatch() ? -1 : each.factor())
                .toArray();
        String name = draft.add(node.getOutput(0) + "/shape", Tensors.toProto("", Shape.of(target.length), target));
        return node.toBuilder().setInput(1, name).build();
    }
}
