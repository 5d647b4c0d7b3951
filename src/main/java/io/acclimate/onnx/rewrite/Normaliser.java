package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;

/**
 * One form for what exporters write in many: weights are initializers, each parameter its own; no {@code Identity}, no
 * {@code If} on a constant, no arithmetic on static extents; initializers are no graph inputs; nodes exported in training mode
 * infer; the batch is dynamic where the graph allows it. Applying it twice changes nothing.
 */
public final class Normaliser {
    private final ModelProto model;

    public Normaliser(ModelProto model) {
        this.model = model;
    }

    public ModelProto normalise() {
        GraphProto graph = model.getGraph();
        GraphDraft draft = new GraphDraft(graph, opset());
        resolve(draft);
        boolean free = FixedBatch.rows(draft.inputs()) == 0;
        if (!free) {
            free = FixedBatch.free(draft);
            resolve(draft);
        }
        GraphProto.Builder out = graph.toBuilder()
                .clearInitializer()
                .clearNode()
                .clearInput()
                .clearOutput()
                .clearValueInfo()
                .addAllNode(draft.nodes())
                .addAllInitializer(draft.initializers().values());
        for (ValueInfoProto input : draft.inputs()) {
            out.addInput(free ? dynamicBatch(input) : input);
        }
        for (ValueInfoProto output : graph.getOutputList()) {
            out.addOutput(free ? dynamicBatch(output) : output);
        }
        return model.toBuilder().setGraph(out).build();
    }

    private static void resolve(GraphDraft draft) {
        do {
            ConstantNodes.resolve(draft);
            ShapeFolding.fold(draft);
        } while (IfInlining.inline(draft));
        draft.prune();
    }

    private int opset() {
        return model.getOpsetImportList().stream()
                .filter(each -> each.getDomain().isEmpty() || each.getDomain().equals("ai.onnx"))
                .mapToInt(each -> (int) each.getVersion())
                .findFirst()
                .orElse(1);
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
}
