package io.acclimate.core;

import java.time.Instant;

/**
 * A target-domain image with its class.
 *
 * @param classIndex index in the label set of the process that read the label
 * @param className name of the class, which decides if it is not empty, because label sets may differ in order
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
