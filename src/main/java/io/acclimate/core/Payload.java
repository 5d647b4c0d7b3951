package io.acclimate.core;

import java.util.Optional;

/** The bytes of an image, raw tensor or text with the content type that its producer gave, if any. */
public record Payload(Bytes bytes, Optional<String> contentType) {
    /** Little-endian float32 of the model's input shape, for inputs that are no images. */
    public static final String TENSOR_F32 = "application/x-tensor-f32";

    /** A text in UTF-8, for models whose card names a tokenizer. */
    public static final String TEXT = "text/plain";

    /** The most bytes that an image, raw tensor or text may have, 8 MiB. */
    public static final int MAX_BYTES = 8 << 20;

    public boolean isTensor() {
        return contentType.isPresent() && contentType.get().equals(TENSOR_F32);
    }
}
