package io.acclimate.image;

import io.acclimate.core.Bytes;
import io.acclimate.core.Digest;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput;
import io.acclimate.core.ModelInput.TextInput;

/** Gives back, bit for bit, the rows that {@link ImageDecoder#toCompact} made smaller. */
@FunctionalInterface
public interface CompactRows {
    /**
     * The row of its small form.
     *
     * @throws IllegalArgumentException when the bytes are no row of the model
     */
    FloatTensor toRow(Bytes compact);

    /**
     * Names the small form of a model's rows. Models with the same form give the same bytes for the same payload; mean and standard
     * deviation come after them.
     */
    static String form(ModelInput input) {
        if (input instanceof InputSpec spec) {
            return "levels " + spec.row() + " " + spec.layout() + " " + spec.colour() + " " + spec.resize();
        }
        return input instanceof TextInput text
                ? "tokens " + text.row() + " " + text.columns() + " "
                        + Digest.of(text.tokenizer().json().array()).hex()
                : "floats " + input.row();
    }

    /** Pixels are levels from 0 to 255. Other rows are kept as the floats that they are. */
    static CompactRows of(ModelInput input) {
        return input instanceof InputSpec spec
                ? new Preprocessor(spec)
                : compact -> FloatTensor.fromLittleEndian(input.row(), compact.array());
    }
}
