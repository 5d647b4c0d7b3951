package io.acclimate.onnx.node;

import java.util.List;

/**
 * One operator application of a normalised graph, in execution order.
 *
 * @param name the exporter's name, or {@code type_index} where it gave none
 * @param inputs value names; an empty name is an optional input left out
 * @param opset of the operator's own domain
 */
public record GraphNode(
        String type,
        String domain,
        int opset,
        String name,
        List<String> inputs,
        List<String> outputs,
        Attributes attributes) {
    public GraphNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    public boolean hasInput(int index) {
        return index < inputs.size() && !inputs.get(index).isEmpty();
    }

    @Override
    public String toString() {
        return (domain.isEmpty() ? "" : domain + ".") + type + " '" + name + "'";
    }
}
