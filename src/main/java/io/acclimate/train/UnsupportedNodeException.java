package io.acclimate.train;

import io.acclimate.onnx.GraphNode;

/** Found on the probe of {@link Trainer#open}, which turns it into an {@link UntrainableModelException}. */
final class UnsupportedNodeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient GraphNode node;

    UnsupportedNodeException(GraphNode node, String reason) {
        super("operator " + node + " (opset " + node.opset() + "): " + reason);
        this.node = node;
    }

    /** An operator of the table that its operands or settings made fail. */
    UnsupportedNodeException(GraphNode node, RuntimeException cause) {
        this(
                node,
                "cannot be computed: "
                        + String.valueOf(cause.getMessage()).lines().findFirst().orElse(""));
        initCause(cause);
    }

    GraphNode node() {
        return node;
    }
}
