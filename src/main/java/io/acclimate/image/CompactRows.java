package io.acclimate.image;

import io.acclimate.core.Bytes;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput;

/** Gives back, bit for bit, the rows that {@link ImageDecoder#toCompact} made smaller. */
@FunctionalInterface
public interface CompactRows {
    /**
     * The row of its small form.
     *
     * @throws IllegalArgumentException when the bytes are no row of the model
     */
    FloatTensor toRow(Bytes compact);

    /** Pixels are levels from 0 to 255. Other rows are kept as the floats that they are. */
    static CompactRows of(ModelInput input) {
        return input instanceof InputSpec spec
                ? new Preprocessor(spec)
                : compact -> FloatTensor.fromLittleEndian(input.row(), compact.array());
    }
}
