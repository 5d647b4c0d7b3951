package io.acclimate.dataset;

import io.acclimate.core.ClassNames;
import io.acclimate.core.Payload;

/** A data set in a fixed order, as its producers would send it. Implementations are immutable and may be read from any thread. */
public interface LabelledRecords {
    int size();

    /** The value of record {@code index} with its content type. */
    Payload payload(int index);

    /** The class index of record {@code index}, within {@link #classNames()}. */
    int label(int index);

    ClassNames classNames();

    /** What messages call record {@code index}. */
    default String name(int index) {
        return "record " + index;
    }
}
