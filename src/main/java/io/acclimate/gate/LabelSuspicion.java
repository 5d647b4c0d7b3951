package io.acclimate.gate;

/**
 * Why the labels themselves look wrong.
 *
 * @param kind what they look like
 * @param evidence the numbers, in a sentence for whoever can look at the labels
 */
public record LabelSuspicion(Kind kind, String evidence) {
    /** What labels can look like. */
    public enum Kind {
        /** All name one class. */
        ONE_CLASS,
        /** Nothing ties them to the images. */
        RANDOM,
        /** Another order of the list of classes explains them better. */
        PERMUTED
    }
}
