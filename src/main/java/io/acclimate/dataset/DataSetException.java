package io.acclimate.dataset;

import java.io.IOException;

/** A data set is missing or invalid. The message names the file and the rule that it breaks. */
public final class DataSetException extends IOException {
    private static final long serialVersionUID = 1L;

    DataSetException(String message) {
        super(message);
    }
}
