package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.onnx.shape.ValueFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An {@code If} whose condition is a constant becomes the branch that it takes. */
final class IfInlining {
    private IfInlining() {}

    /** Whether anything was inlined; a branch may hold constants and further branches. */
    static boolean inline(GraphDraft draft) {
        Set<String> taken = draft.names();
        List<NodeProto> nodes = new ArrayList<>();
        for (NodeProto node : draft.nodes()) {
            TensorProto condition = node.getOpType().equals("If") && node.getInputCount() == 1
                    ? draft.initializers().get(node.getInput(0))
                    : null;
            if (condition == null || ValueFacts.of(condition).numbers().orElse(new long[0]).length != 1) {
                nodes.add(node);
                continue;
            }
            boolean holds = ValueFacts.of(condition).numbers().orElseThrow()[0] != 0;
            String wanted = holds ? "then_branch" : "else_branch";
            GraphProto branch = node.getAttributeList().stream()
                    .filter(each -> each.getName().equals(wanted))
                    .map(AttributeProto::getG)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("an If has no " + wanted));
            inline(draft, node, branch, taken, nodes);
        }
        boolean changed = nodes.size() != draft.nodes().size() || !nodes.equals(draft.nodes());
        draft.replaceNodes(nodes);
        return changed;
    }

    private static void inline(
            GraphDraft draft, NodeProto node, GraphProto branch, Set<String> taken, List<NodeProto> nodes) {
        if (branch.getOutputCount() < node.getOutputCount()) {
            throw new IllegalArgumentException(
                    "a branch gives " + branch.getOutputCount() + " values, its If has " + node.getOutputCount());
        }
        Map<String, String> names = new HashMap<>();
        branch.getInitializerList().forEach(each -> fresh(each.getName(), taken, names));
        branch.getNodeList().forEach(each -> each.getOutputList().forEach(name -> fresh(name, taken, names)));
        for (TensorProto each : branch.getInitializerList()) {
            String name = names.getOrDefault(each.getName(), each.getName());
            draft.initializers().put(name, each.toBuilder().setName(name).build());
        }
        branch.getNodeList()
                .forEach(each -> nodes.add(GraphDraft.renamed(each, name -> names.getOrDefault(name, name))));
        for (int i = 0; i < node.getOutputCount(); i++) {
            String source = branch.getOutput(i).getName();
            nodes.add(NodeProto.newBuilder()
                    .setOpType("Identity")
                    .setName(node.getName() + "/" + i)
                    .addInput(names.getOrDefault(source, source))
                    .addOutput(node.getOutput(i))
                    .build());
        }
    }

    /** Branches of several nodes may use the same names. */
    private static void fresh(String name, Set<String> taken, Map<String, String> names) {
        String free = name;
        while (!name.isEmpty() && !taken.add(free)) {
            free += "_";
        }
        names.put(name, free);
    }
}
