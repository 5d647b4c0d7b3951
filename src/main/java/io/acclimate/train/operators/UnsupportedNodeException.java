package io.acclimate.train.operators;

import io.acclimate.onnx.node.GraphNode;

/** A node that cannot be trained through. Opening a trainer probes for it, and then says that the model is untrainable. */
public final class UnsupportedNodeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient GraphNode node;

    public UnsupportedNodeException(GraphNode node, String reason) {
        super("operator " + node + " (opset " + node.opset() + "): " + reason);
        this.node = node;
    }

    /** An operator of the table that its operands or settings made fail. */
    public UnsupportedNodeException(GraphNode node, RuntimeException cause) {
        this(
                node,
                "cannot be computed: "
                        + String.valueOf(cause.getMessage()).lines().findFirst().orElse(""));
        initCause(cause);
    }

    public GraphNode node() {
        return node;
    }
}
