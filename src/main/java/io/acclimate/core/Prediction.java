package io.acclimate.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What the active version says of one image.
 *
 * @param topK the best classes, most confident first; the first is the prediction itself
 * @param modelVersion the one version that made it; 0 is the source model
 * @param eventTime the image record's timestamp
 * @param took from the image record's timestamp to now, never negative
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
