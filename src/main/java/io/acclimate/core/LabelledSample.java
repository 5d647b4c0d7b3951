package io.acclimate.core;

import java.time.Instant;

/** A target-domain image with its class. {@code label} is the coordinates of the label record, {@code labelTime} its timestamp. */
public record LabelledSample(ImageId imageId, int classIndex, Payload image, Coordinates label, Instant labelTime) {
    public LabelledSample {
        if (classIndex < 0) {
            throw new IllegalArgumentException("class index must not be negative, got " + classIndex);
        }
    }
}
