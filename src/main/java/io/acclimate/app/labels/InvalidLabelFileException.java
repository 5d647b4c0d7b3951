package io.acclimate.app.labels;

import java.io.IOException;

/** A file of labels that is not of the form that it should have. The message says where and which rule it breaks. */
final class InvalidLabelFileException extends IOException {
    private static final long serialVersionUID = 1;

    InvalidLabelFileException(String message) {
        super(message);
    }
}
