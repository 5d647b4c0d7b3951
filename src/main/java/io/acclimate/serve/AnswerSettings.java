package io.acclimate.serve;

import io.acclimate.core.Setting;
import io.acclimate.wire.Encoding;

/**
 * How predictions are written.
 *
 * @param topK classes that a prediction lists at most
 */
public record AnswerSettings(int topK, Encoding format) {
    public AnswerSettings {
        Setting.inRange("top-k", topK, 1, 1000);
    }

    public static AnswerSettings defaults() {
        return new AnswerSettings(3, Encoding.JSON);
    }

    public AnswerSettings withFormat(Encoding other) {
        return new AnswerSettings(topK, other);
    }
}
