package io.acclimate.core;

import java.time.Instant;

/**
 * A target-domain image with its class.
 *
 * @param classIndex index in the label set of the process that read the label
 * @param className name of the class, which decides if it is not empty, because label sets may differ in order
 * @param label the coordinates of the label record
 * @param labelTime its timestamp
 * @param traceparent the trace that the label belongs to, in the form of W3C's Trace Context; empty for none
 */
public record LabelledSample(
        ImageId imageId,
        int classIndex,
        String className,
        Payload image,
        Coordinates label,
        Instant labelTime,
        String traceparent) {
    public LabelledSample {
        if (classIndex < 0) {
            throw new IllegalArgumentException("class index must not be negative, got " + classIndex);
        }
    }

    /** A sample whose label belongs to no trace. */
    public LabelledSample(
            ImageId imageId, int classIndex, String className, Payload image, Coordinates label, Instant labelTime) {
        this(imageId, classIndex, className, image, label, labelTime, "");
    }

    public LabelledSample withImage(Payload other) {
        return new LabelledSample(imageId, classIndex, className, other, label, labelTime, traceparent);
    }
}
