package io.acclimate.adapt.domain;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;

/**
 * A decoded labelled sample. A checkpoint names it by the offset of its mini-batch's record and its index within the mini-batch.
 *
 * @param row the model's input, without the batch
 */
record ReplaySample(long offset, int index, ImageId imageId, int classIndex, FloatTensor row) {}
