package io.acclimate.core;

import java.time.Instant;

/**
 * A target-domain image with its class.
 *
 * @param classIndex in the label set of whoever read the label
 * @param className the class itself, which decides when it is not empty: label sets may differ in order
 * @param label the coordinates of the label record
 * @param labelTime its timestamp
 */
public record LabelledSample(
        ImageId imageId, int classIndex, String className, Payload image, Coordinates label, Instant labelTime) {
    public LabelledSample {
        if (classIndex < 0) {
            throw new IllegalArgumentException("class index must not be negative, got " + classIndex);
        }
    }

    public LabelledSample withImage(Payload other) {
        return new LabelledSample(imageId, classIndex, className, other, label, labelTime);
    }
}
