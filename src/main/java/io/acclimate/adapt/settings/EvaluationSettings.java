package io.acclimate.adapt.settings;

import io.acclimate.core.Setting;

/**
 * What candidates are judged on.
 *
 * @param holdoutCapacity target samples that are kept from training to judge candidates by, at most
 * @param sourceCheck source samples that are kept from training, to notice what the model forgets
 * @param resetAfterRejects rejected candidates in a row after which training starts again from the active version
 */
public record EvaluationSettings(int holdoutCapacity, int sourceCheck, int resetAfterRejects) {
    public EvaluationSettings {
        Setting.inRange("holdout capacity", holdoutCapacity, 16, 1 << 20);
        Setting.inRange("source check", sourceCheck, 0, 1 << 16);
        Setting.inRange("rejects before a reset", resetAfterRejects, 1, Integer.MAX_VALUE);
    }

    public static EvaluationSettings defaults() {
        return new EvaluationSettings(256, 256, 16);
    }
}
