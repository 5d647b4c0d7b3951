package io.acclimate.app.labels;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;

/** A file of labels that is not of the form that it should have. The message says where and which rule it breaks. */
final class InvalidLabelFileException extends IOException {
    private static final long serialVersionUID = 1;

    InvalidLabelFileException(String message) {
        super(message);
    }

    /** Spreadsheets save in the encoding of their system unless they are told otherwise. */
    static InvalidLabelFileException notUtf8(CharacterCodingException cause) {
        InvalidLabelFileException refused =
                new InvalidLabelFileException("its text is not in UTF-8: save it as 'CSV UTF-8', or as JSON in UTF-8");
        refused.initCause(cause);
        return refused;
    }
}
