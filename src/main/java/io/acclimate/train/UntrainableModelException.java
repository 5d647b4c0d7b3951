package io.acclimate.train;

/** A model that cannot be trained here: an operator without a gradient, or a trainable graph that does not equal the original. */
public final class UntrainableModelException extends Exception {
    private static final long serialVersionUID = 1L;

    public UntrainableModelException(String model, String reason) {
        super("model '" + model + "' cannot be trained: " + reason);
    }

    public UntrainableModelException(String model, String reason, Throwable cause) {
        super("model '" + model + "' cannot be trained: " + reason, cause);
    }
}
