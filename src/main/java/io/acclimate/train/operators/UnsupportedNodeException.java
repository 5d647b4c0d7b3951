package io.acclimate.train.operators;

import io.acclimate.onnx.node.GraphNode;
import io.acclimate.train.Trainer;
import io.acclimate.train.UntrainableModelException;

/** Found on the probe of {@link Trainer#open}, which turns it into an {@link UntrainableModelException}. */
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
