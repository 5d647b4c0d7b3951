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

    public static GateSettings defaults() {
        return new GateSettings(4, 0.005, 1.28, 0.10);
    }
}
