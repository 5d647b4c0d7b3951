package io.acclimate.onnx.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.onnx.shape.Dim;
import io.acclimate.onnx.shape.ShapeInference;
import io.acclimate.onnx.shape.ValueFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A graph while it is rewritten: its nodes in execution order, its initializers by name. For one thread. */
public final class GraphDraft {
    private final int opset;
    private final List<ValueInfoProto> inputs = new ArrayList<>();
    private final Set<String> outputs = new HashSet<>();
    private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
    private List<NodeProto> nodes;

    GraphDraft(GraphProto graph, int opset) {
        this.opset = opset;
        graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
        for (ValueInfoProto input : graph.getInputList()) {
            if (!initializers.containsKey(input.getName())) {
                inputs.add(input);
            }
        }
        graph.getOutputList().forEach(output -> outputs.add(output.getName()));
        nodes = graph.getNodeList();
    }

    /** The inputs that are no initializers. */
    List<ValueInfoProto> inputs() {
        return inputs;
    }

    boolean isOutput(String name) {
        return outputs.contains(name);
    }

    Map<String, TensorProto> initializers() {
        return initializers;
    }

    List<NodeProto> nodes() {
        return nodes;
    }

    void replaceNodes(List<NodeProto> fresh) {
        nodes = List.copyOf(fresh);
    }

    /** Drops what no output depends on. */
    void prune() {
        Set<String> used = new HashSet<>(outputs);
        List<NodeProto> kept = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (nodes.get(i).getOutputList().stream().anyMatch(used::contains)) {
                kept.add(0, nodes.get(i));
                collectUses(nodes.get(i), used);
            }
        }
        nodes = kept;
        initializers.keySet().retainAll(used);
    }

    /** The values that a node reads, with those that its inner graphs read or give. */
    public static void collectUses(NodeProto node, Set<String> used) {
        used.addAll(node.getInputList());
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                attribute.getG().getNodeList().forEach(inner -> collectUses(inner, used));
                attribute.getG().getOutputList().forEach(output -> used.add(output.getName()));
            }
        }
    }

    /** Adds an initializer under {@code wanted} or, where that name is taken, a longer one. */
    String add(String wanted, TensorProto tensor) {
        Set<String> names = names();
        String name = wanted;
        while (names.contains(name)) {
            name += "_";
        }
        initializers.put(name, tensor.toBuilder().setName(name).build());
        return name;
    }

    /** Every name of a value at the top level. */
    Set<String> names() {
        Set<String> names = new HashSet<>(initializers.keySet());
        inputs.forEach(input -> names.add(input.getName()));
        nodes.forEach(node -> names.addAll(node.getOutputList()));
        return names;
    }

    /** What initializers and inputs say, with the first extent of the inputs as the batch. */
    ShapeInference inference(boolean proving) {
        ShapeInference inference = new ShapeInference(opset, proving);
        initializers.forEach((name, tensor) -> inference.put(name, ValueFacts.of(tensor)));
        for (ValueInfoProto input : inputs) {
            TensorShapeProto shape = input.getType().getTensorType().getShape();
            List<Dim> extents = new ArrayList<>();
            for (TensorShapeProto.Dimension dim : shape.getDimList()) {
                boolean known = dim.hasDimValue() && dim.getDimValue() > 0;
                extents.add(extents.isEmpty() ? Dim.BATCH : known ? Dim.of(dim.getDimValue()) : Dim.UNKNOWN);
            }
            if (!extents.isEmpty()) {
                inference.put(
                        input.getName(),
                        ValueFacts.shaped(input.getType().getTensorType().getElemType(), extents));
            }
        }
        return inference;
    }

    /** The node with its values renamed, also those that its subgraphs read. */
    static NodeProto renamed(NodeProto node, UnaryOperator<String> names) {
        NodeProto.Builder out = node.toBuilder().clearInput().clearOutput();
        node.getInputList().forEach(each -> out.addInput(names.apply(each)));
        node.getOutputList().forEach(each -> out.addOutput(names.apply(each)));
        for (int i = 0; i < node.getAttributeCount(); i++) {
            if (node.getAttribute(i).hasG()) {
                GraphProto.Builder graph =
                        out.getAttributeBuilder(i).getGBuilder().clearNode();
                node.getAttribute(i).getG().getNodeList().forEach(inner -> graph.addNode(renamed(inner, names)));
                graph.getOutputBuilderList().forEach(each -> each.setName(names.apply(each.getName())));
            }
        }
        return out.build();
    }
}
