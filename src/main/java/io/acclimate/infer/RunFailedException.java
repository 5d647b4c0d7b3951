package io.acclimate.infer;

/**
 * A session failed on rows of the right shape. The values of a row can be the cause, such as a category for which the model has no
 * embedding, and so can the machine, such as memory that could not be had. Only further runs tell which.
 */
public final class RunFailedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public RunFailedException(String message) {
        super(message);
    }

    public RunFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
