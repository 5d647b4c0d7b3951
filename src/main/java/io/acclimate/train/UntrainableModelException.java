package io.acclimate.train;

/** A model that cannot be trained here: an operator without a gradient, or a trainable graph that does not equal the original. */
public final class UntrainableModelException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean bySettings;

    public UntrainableModelException(String model, String reason) {
        super("model '" + model + "' cannot be trained: " + reason);
        this.bySettings = false;
    }

    private UntrainableModelException(String message) {
        super(message);
        this.bySettings = true;
    }

    /** A setting asks for what the model does not have; with another one it may well be trained. */
    static UntrainableModelException bySettings(String model, String reason) {
        return new UntrainableModelException("model '" + model + "' cannot be trained: " + reason);
    }

    public UntrainableModelException(String model, String reason, Throwable cause) {
        super("model '" + model + "' cannot be trained: " + reason, cause);
        this.bySettings = false;
    }

    /** Whether a setting is at fault and not the model. */
    public boolean isBySettings() {
        return bySettings;
    }
}
