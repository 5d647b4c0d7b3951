package io.acclimate.gate;

import java.util.List;

/**
 * One labelled sample that nothing had been trained on, as three models classified it.
 *
 * @param label the class that its label names
 * @param source the source model's class
 * @param active the active version's
 * @param candidate the class by the weights in training, as they were before this sample
 * @param centred the source model's class by its centred scores, see {@link CentredClasses}
 * @param logits the source model's scores or, of a model that gives probabilities, their logarithms; none where nobody asks for them
 */
public record Scored(int label, int source, int active, int candidate, int centred, List<Double> logits) {
    public Scored {
        logits = List.copyOf(logits);
        if (label < 0) {
            throw new IllegalArgumentException("a class index is 0 or more, got " + label);
        }
    }

    /** A sample of which nobody asks for the scores. */
    public Scored(int label, int source, int active, int candidate, int centred) {
        this(label, source, active, candidate, centred, List.of());
    }

    /** A sample whose scores are not centred either. */
    public Scored(int label, int source, int active, int candidate) {
        this(label, source, active, candidate, source);
    }

    /** 1 where only the candidate is right, −1 where only the source model is, else 0. */
    int candidateAhead() {
        return ahead(candidate);
    }

    /** 1 where only the active version is right, −1 where only the source model is, else 0. */
    int activeAhead() {
        return ahead(active);
    }

    private int ahead(int model) {
        return (model == label ? 1 : 0) - (source == label ? 1 : 0);
    }
}
