package io.acclimate.train.offline;

import io.acclimate.core.FloatTensor;

/** A labelled data set as the model's input rows, in a fixed order. */
public interface Samples {
    int size();

    /** The row of one sample, in the layout of the model's card. */
    FloatTensor row(int index);

    int label(int index);
}
