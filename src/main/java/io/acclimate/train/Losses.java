package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/** The terms of the transfer-learning loss. */
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
     * CORAL: {@code ‖C_s − C_t‖²_F / (4 d²)}, the distance of the covariances of source and target features {@code [rows, d]}
     * (Sun and Saenko, Deep CORAL, 2016). Costs d² memory; with fewer rows than 2 it is undefined, with few rows noisy.
     */
    static NDArray coral(NDArray source, NDArray target) {
        float d = source.getShape().get(1);
        return covariance(source).sub(covariance(target)).square().sum().div(4f * d * d);
    }

    private static NDArray covariance(NDArray rows) {
        NDArray centred = rows.sub(rows.mean(new int[] {0}, true));
        return centred.transpose().matMul(centred).div(rows.getShape().get(0) - 1);
    }
}
