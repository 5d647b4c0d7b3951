package io.acclimate.train;

import io.acclimate.core.FloatTensor;

/**
 * A labelled data set as the model's input rows, in a fixed order. The same index must always give the same row and label: a round
 * that is repeated draws the same indexes. Used by one thread at a time.
 */
public interface Samples {
    int size();

    /** The row of one sample, as {@code InputSpec.row()} shapes it. The caller must not change its values. */
    FloatTensor row(int index);

    /** The class index of one sample in the model's label set. */
    int label(int index);
}
