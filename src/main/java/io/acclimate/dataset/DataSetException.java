package io.acclimate.dataset;

import java.io.IOException;

/** A data set that is not there or not what it should be; the message names the file and the rule. */
public final class DataSetException extends IOException {
    private static final long serialVersionUID = 1L;

    DataSetException(String message) {
        super(message);
    }
}
