package io.acclimate.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The answer of the active version to one image.
 *
 * @param topK the best classes, the most confident first, which is the prediction itself
 * @param modelVersion number of the version that answered; 0 is the source model
 * @param eventTime the image record's timestamp
 * @param took time from the image record's timestamp to the prediction, never negative
 */
public record Prediction(
        ImageId imageId,
        DomainId domain,
        List<ClassScore> topK,
        long modelVersion,
        Coordinates input,
        Instant eventTime,
        Duration took) {
    public Prediction {
        topK = List.copyOf(topK);
        if (topK.isEmpty()) {
            throw new IllegalArgumentException("a prediction names at least one class");
        }
        if (modelVersion < 0 || took.isNegative()) {
            throw new IllegalArgumentException(
                    "version and duration must not be negative, got " + modelVersion + ", " + took);
        }
    }

    public ClassScore best() {
        return topK.get(0);
    }
}
