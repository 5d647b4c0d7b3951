package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/** The terms of the transfer-learning loss that compare classes. All means are over rows. */
final class Losses {
    private static final float SMALLEST_PROBABILITY = 1e-7f;

    private Losses() {}

    /** Log-probabilities {@code [rows, classes]} of logits, or of probabilities where the model gives nothing else. */
    static NDArray logProbabilities(NDArray rows, boolean probabilities) {
        return probabilities ? rows.clip(SMALLEST_PROBABILITY, 1).log() : rows.logSoftmax(1);
    }

    /** Mean cross-entropy of the rows from {@code first} on, one per class index; other rows do not count. */
    static NDArray crossEntropy(NDManager step, NDArray logProbabilities, List<Integer> classes, int first) {
        int rows = (int) logProbabilities.getShape().get(0);
        int width = (int) logProbabilities.getShape().get(1);
        float[] mask = new float[rows * width];
        for (int i = 0; i < classes.size(); i++) {
            int index = classes.get(i);
            if (index < 0 || index >= width) {
                throw new IllegalArgumentException("class " + index + " is outside the model's " + width + " classes");
            }
            mask[(first + i) * width + index] = -1f / classes.size();
        }
        return logProbabilities.mul(step.create(mask, new Shape(rows, width))).sum();
    }

    /**
     * Distillation: {@code KL(p₀ ‖ p) = Σ p₀ · (log p₀ − log p)}, the mean over rows, of the answers p₀ that the source model
     * gives to the same rows (Li and Hoiem, Learning without Forgetting, 2016; at temperature 1, so that the term reads as nats).
     * Costs one more forward pass of the trainable part. Holds the model to wrong answers as well as to right ones, so it harms
     * where the source model is mostly wrong.
     */
    static NDArray divergence(NDArray sourceLogProbabilities, NDArray logProbabilities) {
        NDArray log = sourceLogProbabilities.stopGradient();
        return Scalars.over(log.exp().mul(log.sub(logProbabilities)).sum(), (double)
                logProbabilities.getShape().get(0));
    }
}
