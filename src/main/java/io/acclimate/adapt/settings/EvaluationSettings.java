package io.acclimate.adapt.settings;

import io.acclimate.core.Setting;

/**
 * What candidates are judged on, and what follows when training fails.
 *
 * @param holdoutCapacity target samples that are kept from training to judge candidates by, at most
 * @param sourceCheck source samples that are kept from training, to notice what the model forgets
 * @param resetAfterRejects rejected candidates in a row after which training starts again from the active version
 * @param restartShrink the factor of the size of steps each time training starts again; with 1, steps keep their size and diverging
 *     training is not looked for
 * @param scaleOfRate whether steps that became smaller under one learning rate are as large as set again under another one
 * @param answers what is made of the answers that the weights in training give
 * @param drift what is done about a domain that changes
 */
public record EvaluationSettings(
        int holdoutCapacity,
        int sourceCheck,
        int resetAfterRejects,
        double restartShrink,
        boolean scaleOfRate,
        AnswerSettings answers,
        DriftSettings drift) {
    public EvaluationSettings {
        Setting.inRange("holdout capacity", holdoutCapacity, 16, 1 << 20);
        Setting.inRange("source check", sourceCheck, 0, 1 << 16);
        Setting.inRange("rejects before a reset", resetAfterRejects, 1, Integer.MAX_VALUE);
        if (!(restartShrink > 0 && restartShrink <= 1)) {
            throw new IllegalArgumentException("restart shrink must be above 0 and at most 1, got " + restartShrink);
        }
    }

    public static EvaluationSettings defaults() {
        return new EvaluationSettings(256, 256, 16, 0.5, true, AnswerSettings.defaults(), DriftSettings.defaults());
    }

    public EvaluationSettings withAnswers(AnswerSettings other) {
        return new EvaluationSettings(
                holdoutCapacity, sourceCheck, resetAfterRejects, restartShrink, scaleOfRate, other, drift);
    }

    public EvaluationSettings withDrift(DriftSettings other) {
        return new EvaluationSettings(
                holdoutCapacity, sourceCheck, resetAfterRejects, restartShrink, scaleOfRate, answers, other);
    }
}
