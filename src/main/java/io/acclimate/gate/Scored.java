package io.acclimate.gate;

/**
 * One labelled sample that nothing had been trained on, as three models classified it.
 *
 * @param label the class that its label names
 * @param source the source model's class
 * @param active the active version's
 * @param candidate the class by the weights in training, as they were before this sample
 * @param centred the source model's class by its centred scores, see {@link CentredClasses}
 */
public record Scored(int label, int source, int active, int candidate, int centred) {
    public Scored {
        if (label < 0) {
            throw new IllegalArgumentException("a class index is 0 or more, got " + label);
        }
    }

    /** A sample whose scores are not centred. */
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
