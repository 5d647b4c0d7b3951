package io.acclimate.adapt.settings;

import io.acclimate.core.Setting;

/**
 * What is made of the answers that models, and above all the weights in training, give to samples before these are trained on.
 *
 * @param confidence what the probabilities of a version are
 * @param memory samples after which an answer's weight has fallen by a factor of e; 0 where a temperature is fitted on the holdout alone,
 *     and the share of random labels is not estimated
 * @param randomLabels what is done about labels that are random
 * @param asked whether models are asked again about samples that they have answered to
 * @param repeats what a label of a picture says that had one before
 */
public record AnswerSettings(
        Confidence confidence, int memory, RandomLabels randomLabels, Asked asked, Repeats repeats) {
    /** Names are those of provenance. */
    public enum Repeats {
        /** It may be held out unless the holdout has its id, and is evidence unless the replay buffer has its pixels. */
        BY_ID,
        /** Nothing, whatever its id is, while the picture is among those that came last. It is trained on, unless the holdout has the picture. */
        LEFT_OUT,
        /** Nothing besides, as long as the replay buffer has the picture, however many came since. */
        REPLAYED_LEFT_OUT
    }

    /** Names are those of provenance. */
    public enum Asked {
        /** The source model and the active version run on the holdout for each judgement, and on new samples for the signs of divergence. */
        AGAIN,
        /** What they answered to a sample when it came is kept. The last bits may be others, since the sample had other rows beside it. */
        ONCE
    }

    /** Names are those of the option and of provenance. */
    public enum Confidence {
        /** Those that the model gives. */
        RAW,
        /** Those with a temperature that is fitted when the version is made. */
        CALIBRATED
    }

    /** Names are those of provenance. */
    public enum RandomLabels {
        /** Each label counts as right. */
        IGNORE,
        /** When many labels are random, the loss is that of labels of which so many are random. */
        EXPECT
    }

    public AnswerSettings {
        Setting.inRange("memory of answers", memory, 0, 1 << 20);
    }

    public static AnswerSettings defaults() {
        return new AnswerSettings(
                Confidence.CALIBRATED, 512, RandomLabels.EXPECT, Asked.ONCE, Repeats.REPLAYED_LEFT_OUT);
    }

    public AnswerSettings withConfidence(Confidence other) {
        return new AnswerSettings(other, memory, randomLabels, asked, repeats);
    }

    public AnswerSettings withRandomLabels(RandomLabels other) {
        return new AnswerSettings(confidence, memory, other, asked, repeats);
    }

    public AnswerSettings withRepeats(Repeats other) {
        return new AnswerSettings(confidence, memory, randomLabels, asked, other);
    }
}
