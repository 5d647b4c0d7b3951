package io.acclimate.core;

/** The reason why a record could not be processed. The names are part of the contract, because headers and meter tags use them. */
public enum DeadLetterReason {
    NULL_VALUE,
    EMPTY_VALUE,
    INVALID_IMAGE_ID,
    INVALID_HEADER,
    UNSUPPORTED_CONTENT_TYPE,
    UNDECODABLE_IMAGE,
    IMAGE_TOO_LARGE,
    WRONG_TENSOR_SIZE,
    MISSING_LABEL,
    UNKNOWN_CLASS,
    MISSING_PIXELS,
    LABEL_CONFLICT,
    DUPLICATE_LABEL,
    RATE_LIMITED,
    CLASS_SHARE,
    DOMAIN_LIMIT,
    UNREADABLE_RECORD
}
