package io.acclimate.onnx.node;

/** A model file or card that cannot be used: names the file and the reason. */
public final class InvalidModelException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidModelException(String file, String reason) {
        super(file + ": " + reason);
    }

    public InvalidModelException(String file, String reason, Throwable cause) {
        super(file + ": " + reason, cause);
    }
}
