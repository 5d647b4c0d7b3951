package io.acclimate.core;

import java.util.Optional;

/** The bytes of an image or raw tensor with the content type that its producer gave, if any. */
public record Payload(Bytes bytes, Optional<String> contentType) {
    /** Little-endian float32 of the model's input shape, for inputs that are no images. */
    public static final String TENSOR_F32 = "application/x-tensor-f32";

    /** The most bytes that an image or raw tensor may have, 8 MiB. */
    public static final int MAX_BYTES = 8 << 20;

    public boolean isTensor() {
        return contentType.isPresent() && contentType.get().equals(TENSOR_F32);
    }
}
