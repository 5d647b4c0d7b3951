package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.acclimate.train.operators.Scalars;
import java.util.Arrays;
import java.util.List;

/** The terms of the transfer-learning loss that compare classes. All means are over rows. */
final class Losses {
    private static final float SMALLEST_PROBABILITY = 1e-7f;

    private Losses() {}

    /**
     * Log-probabilities {@code [rows, classes]}; of a model that answers for each class by itself {@code [rows, 2 · classes]}: that
     * it is the class, then that it is not, {@code log σ(z)} and {@code log σ(−z)}, which no saturated sigmoid can lose.
     */
    static NDArray logProbabilities(NDArray rows, OutputSemantics answers) {
        return switch (answers) {
            case ONE_CLASS -> rows.logSoftmax(1);
            case EACH_CLASS ->
                Activation.softPlus(rows.neg())
                        .neg()
                        .concat(Activation.softPlus(rows).neg(), 1);
            case PROBABILITIES -> rows.clip(SMALLEST_PROBABILITY, 1).log();
        };
    }

    /**
     * Mean cross-entropy of the rows from {@code first} on, one per class index; other rows do not count. Where each class is
     * answered by itself it is the binary cross-entropy on one-hot targets, summed over classes, not averaged: its gradient
     * {@code σ(z) − y} then is as large as that of softmax, and a learning rate means the same.
     */
    static NDArray crossEntropy(
            NDManager step, NDArray logProbabilities, OutputSemantics answers, List<Integer> classes, int first) {
        int rows = (int) logProbabilities.getShape().get(0);
        int columns = (int) logProbabilities.getShape().get(1);
        int width = answers == OutputSemantics.EACH_CLASS ? columns / 2 : columns;
        float[] mask = new float[rows * columns];
        for (int i = 0; i < classes.size(); i++) {
            int index = classes.get(i);
            if (index < 0 || index >= width) {
                throw new IllegalArgumentException("class " + index + " is outside the model's " + width + " classes");
            }
            int row = (first + i) * columns;
            Arrays.fill(mask, row + width, row + columns, -1f / classes.size());
            mask[row + index] = -1f / classes.size();
            if (answers == OutputSemantics.EACH_CLASS) {
                mask[row + width + index] = 0;
            }
        }
        return logProbabilities.mul(step.create(mask, new Shape(rows, columns))).sum();
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
