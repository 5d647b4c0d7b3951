package io.acclimate.infer;

/**
 * How well the confidence of a version agrees with how often it is right, on samples that it was not trained on. Errors are expected
 * calibration errors: the mean difference of confidence and accuracy over samples of similar confidence. They are NaN when there were too
 * few held-out samples to show them.
 *
 * @param temperature divides the logits before they become probabilities; 1 changes nothing
 * @param samples that it was fitted on
 * @param errorBefore the error of the model's own probabilities
 * @param errorAfter the error of the probabilities with the temperature
 */
public record Calibration(double temperature, int samples, double errorBefore, double errorAfter) {
    /** Probabilities as the model gives them. */
    public static final Calibration NONE = new Calibration(1, 0, Double.NaN, Double.NaN);

    public Calibration {
        if (!(temperature > 0 && Double.isFinite(temperature))) {
            throw new IllegalArgumentException("a temperature is a number above 0, got " + temperature);
        }
        if (samples < 0) {
            throw new IllegalArgumentException("a temperature is fitted on 0 samples or more, got " + samples);
        }
    }

    /** True when a temperature was fitted. */
    public boolean isFitted() {
        return samples > 0;
    }
}
