package io.acclimate.adapt.samples;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;

/** A labelled sample, or an image of {@link #NO_CLASS}. A checkpoint names it by the offset of its mini-batch's record and its index within the mini-batch. */
public record ReplaySample(long offset, int index, ImageId imageId, int classIndex, Pixels pixels) {
    public static final int NO_CLASS = -1;

    /** The model's input, without the batch. It is made anew by each call, because floats need four times the memory of pixels. */
    public FloatTensor row() {
        return pixels.row();
    }

    public ReplaySample with(Pixels other) {
        return new ReplaySample(offset, index, imageId, classIndex, other);
    }
}
