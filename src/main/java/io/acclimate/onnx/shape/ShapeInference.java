package io.acclimate.onnx.shape;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.acclimate.onnx.node.Attributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shapes and integers of a graph before anything runs, node by node, with the batch as a symbol. The outputs of an operator
 * without a shape rule are unknown, but never wrong. For one thread.
 */
public final class ShapeInference {
    /** Elements of content that are kept in all: a hostile graph must not fill the memory. */
    private static final int ROOM = 1 << 22;

    private final Map<String, ValueFacts> values = new HashMap<>();
    private int room = ROOM;
    private final int opset;
    private final boolean proving;

    /** @param proving whether a shape may only be told where rows of the batch stay apart */
    public ShapeInference(int opset, boolean proving) {
        this.opset = opset;
        this.proving = proving;
    }

    public void put(String name, ValueFacts known) {
        int size = known.content().map(List::size).orElse(0);
        room -= Math.min(room, size);
        values.put(name, room > 0 ? known : new ValueFacts(known.type(), known.shape(), Optional.empty()));
    }

    public ValueFacts of(String name) {
        return values.getOrDefault(name, ValueFacts.NOTHING);
    }

    /** Adds what is known of the node's outputs. */
    public void walk(NodeProto node) {
        List<ValueFacts> inputs = node.getInputList().stream().map(this::of).toList();
        NodeFacts operands = new NodeFacts(
                node.getOpType(),
                opset,
                new Attributes(node.getAttributeList()),
                inputs,
                node.getOutputCount(),
                proving);
        boolean standard = node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
        List<ValueFacts> outputs;
        try {
            outputs = standard ? StandardOperators.facts(node.getOpType()).outputs(operands) : List.of();
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            outputs = List.of(); // a node that lacks something or contradicts itself: ONNX Runtime is the one to say so
        }
        for (int i = 0; i < Math.min(outputs.size(), node.getOutputCount()); i++) {
            put(node.getOutput(i), outputs.get(i));
        }
    }
}
