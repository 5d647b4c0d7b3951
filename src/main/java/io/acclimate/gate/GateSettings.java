package io.acclimate.gate;

/**
 * How strict the gate is.
 *
 * @param minimumHoldout samples below which it defers
 * @param tolerance how much accuracy a candidate may lose by rule, in [0, 1]
 * @param z standard errors that a loss must exceed to count as one; higher promotes more
 * @param maxSourceDrop how far accuracy on source samples may fall below the source model's, in [0, 1]
 */
public record GateSettings(int minimumHoldout, double tolerance, double z, double maxSourceDrop) {
    /** With fewer samples, a candidate may predict a single class by chance. */
    static final int CONSTANT_FROM = 16;

    /** Standard errors that a loss against the best version so far must exceed. It is not z, since the best of many is best by luck, too. */
    static final double BEST_Z = 2;

    /** Accuracy that a candidate may lose against the best version at most, however much the two differ. */
    static final double BEST_DROP = 0.08;

    /** The number of samples from which on {@link #BEST_DROP} holds; with fewer, 8 points are within the noise. */
    static final int BEST_DROP_FROM = 64;

    /** The holdout that must exist before a version that serves can be found at fault. */
    private static final int SERVED_HOLDOUT = 16;

    private static final double SERVED_Z = 3;

    public GateSettings {
        if (minimumHoldout < 1) {
            throw new IllegalArgumentException("the minimum holdout is at least 1 sample, got " + minimumHoldout);
        }
        if (!(tolerance >= 0 && tolerance <= 1) || !(maxSourceDrop >= 0 && maxSourceDrop <= 1)) {
            throw new IllegalArgumentException(
                    "tolerance and source drop are in [0, 1], got " + tolerance + " and " + maxSourceDrop);
        }
        if (!(z >= 0 && z <= 10)) {
            throw new IllegalArgumentException("z is in [0, 10], got " + z);
        }
    }

    /** For a version that serves: it has passed the gate once, so only a loss of three standard errors on a sure holdout counts. */
    public GateSettings againstServed() {
        return new GateSettings(SERVED_HOLDOUT, tolerance, SERVED_Z, maxSourceDrop);
    }

    public static GateSettings defaults() {
        return new GateSettings(4, 0.005, 1.28, 0.10);
    }
}
