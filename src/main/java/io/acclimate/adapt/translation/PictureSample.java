package io.acclimate.adapt.translation;

import io.acclimate.core.FloatTensor;

/** One picture as the model takes it, and the index of its class. */
public record PictureSample(FloatTensor row, int classIndex) {}
