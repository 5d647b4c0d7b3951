package io.acclimate.adapt.domain;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;

/**
 * A decoded labelled sample. {@code offset} of its mini-batch's record and {@code index} within name it in a checkpoint.
 *
 * @param row the model's input, without the batch
 */
record ReplaySample(long offset, int index, ImageId imageId, int classIndex, FloatTensor row) {}
