package io.acclimate.adapt.domain;

import io.acclimate.core.FloatTensor;

/** The labelled source set that replay draws from. Called by the worker's thread only; must always answer the same. */
public interface SourceSamples {
    int size();

    /** The model's input row, as {@code InputSpec.row()} shapes it. */
    FloatTensor row(int index);

    int classIndex(int index);
}
