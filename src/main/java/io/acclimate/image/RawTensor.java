package io.acclimate.image;

import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import java.util.Optional;

/** Reads {@code application/x-tensor-f32}: little-endian float32 values of one row, each finite. */
final class RawTensor {
    private RawTensor() {}

    /** A model that takes nothing else needs no content type. */
    static Outcome<FloatTensor> read(Payload payload, ModelInput input) {
        byte[] bytes = payload.bytes().array();
        Optional<String> type = payload.contentType().map(ImageFormat::mediaType);
        if (type.isPresent()
                && !type.get().equals(Payload.TENSOR_F32)
                && !type.get().equals(ImageDecoder.ANY)) {
            return Outcome.refused(
                    DeadLetterReason.UNSUPPORTED_CONTENT_TYPE,
                    "content type '" + type.get() + "' is not what the model takes: " + Payload.TENSOR_F32 + ", float32"
                            + input.row());
        }
        if (bytes.length == 0) {
            return Outcome.refused(DeadLetterReason.EMPTY_VALUE, "the tensor has no bytes");
        }
        long expected = input.row().elements() * 4;
        if (bytes.length != expected) {
            return Outcome.refused(
                    DeadLetterReason.WRONG_TENSOR_SIZE,
                    "the tensor has " + bytes.length + " bytes, float32" + input.row() + " has " + expected);
        }
        FloatTensor row = FloatTensor.fromLittleEndian(input.row(), bytes);
        for (int i = 0; i < row.values().length; i++) {
            if (!Float.isFinite(row.values()[i])) {
                return Outcome.refused(
                        DeadLetterReason.UNDECODABLE_IMAGE, "value " + i + " of the tensor is " + row.values()[i]);
            }
        }
        return Outcome.ok(row);
    }
}
