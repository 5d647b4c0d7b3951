package io.acclimate.image;

import io.acclimate.core.DeadLetterReason;

/** Ends decoding. This room turns it into a refusal. It has no stack trace, because a bad image is no bug. */
final class UnreadableImageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final DeadLetterReason reason;

    private UnreadableImageException(DeadLetterReason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    static UnreadableImageException undecodable(String message) {
        return new UnreadableImageException(DeadLetterReason.UNDECODABLE_IMAGE, message);
    }

    static UnreadableImageException tooLarge(String message) {
        return new UnreadableImageException(DeadLetterReason.IMAGE_TOO_LARGE, message);
    }

    DeadLetterReason reason() {
        return reason;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
