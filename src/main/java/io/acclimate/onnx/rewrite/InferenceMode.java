package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;

/**
 * What a node exported in training mode is when the model serves: batch normalisation by the kept statistics, no dropout. A model
 * whose answer for one image depends on the others of its batch serves nobody.
 */
final class InferenceMode {
    private InferenceMode() {}

    static NodeProto of(NodeProto node) {
        return switch (node.getOpType()) {
            case "BatchNormalization" -> batchNormalization(node);
            case "Dropout" -> dropout(node);
            default -> node;
        };
    }

    /** Training mode is an attribute from opset 14 on; before, asking for the batch's statistics told it. */
    private static NodeProto batchNormalization(NodeProto node) {
        NodeProto.Builder out = node.toBuilder();
        for (int i = out.getAttributeCount() - 1; i >= 0; i--) {
            if (out.getAttribute(i).getName().equals("training_mode")) {
                out.removeAttribute(i);
            }
        }
        return out.clearOutput().addOutput(node.getOutput(0)).build();
    }

    /** The third operand, from opset 12 on, says whether to drop. */
    private static NodeProto dropout(NodeProto node) {
        NodeProto.Builder out = node.toBuilder();
        if (node.getInputCount() > 2) {
            out.clearInput().addInput(node.getInput(0));
        }
        return out.build();
    }
}
