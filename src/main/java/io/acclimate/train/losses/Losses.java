package io.acclimate.train.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.acclimate.train.operators.Scalars;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The terms of the transfer-learning loss that compare classes. All means are over rows. */
public final class Losses {
    private static final float SMALLEST_PROBABILITY = 1e-7f;
    private static final double TEMPERATURE = 2;

    private Losses() {}

    /**
     * Log-probabilities {@code [rows, classes]}; of a model that answers for each class by itself {@code [rows, 2 · classes]}: that
     * it is the class, then that it is not, {@code log σ(z)} and {@code log σ(−z)}, which no saturated sigmoid can lose.
     */
    public static NDArray logProbabilities(NDArray rows, OutputSemantics answers) {
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
    public static NDArray crossEntropy(
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
     * Log-probabilities of labels of which the share ε is drawn at random from all C classes: {@code (1 − ε) · p + ε / C} in place of p. This
     * is the forward correction of Patrini et al., <i>Making Deep Neural Networks Robust to Label Noise</i>, CVPR 2017, for noise that is the
     * same for all classes. A label of a class that the model holds for impossible then has a gradient near 0, and not the largest of all, as
     * with cross-entropy: it is taken for a random one. Where each class is answered by itself, both of its answers are corrected.
     *
     * <p>Rejected alternative: generalised cross-entropy (Zhang and Sabuncu 2018), which needs an exponent that fits the noise. It fails
     * where wrong labels name similar classes, and, as a model that has learnt little takes right labels for random ones, where ε is too
     * large.
     */
    public static NDArray withRandomLabels(NDArray logProbabilities, OutputSemantics answers, double share) {
        if (share == 0) {
            return logProbabilities;
        }
        NDArray right = Scalars.times(logProbabilities.exp(), 1 - share);
        int columns = (int) logProbabilities.getShape().get(1);
        int classes = answers == OutputSemantics.EACH_CLASS ? columns / 2 : columns;
        float[] random = new float[columns];
        for (int i = 0; i < columns; i++) {
            double isClass = 1.0 / classes;
            random[i] = (float) (share * (i < classes ? isClass : 1 - isClass));
        }
        return right.add(right.getManager().create(random, new Shape(1, columns)))
                .log();
    }

    /**
     * Distillation: {@code KL(p₀ ‖ p) = Σ p₀ · (log p₀ − log p)}, the mean over rows, of the answers p₀ that the source model
     * gives to the same rows (Li and Hoiem, Learning without Forgetting, 2016; at temperature 1, so that the term reads as nats).
     * Costs one more forward pass of the trainable part. Holds the model to wrong answers as well as to right ones, so it harms
     * where the source model is mostly wrong.
     */
    public static NDArray divergence(NDArray sourceLogProbabilities, NDArray logProbabilities) {
        NDArray log = sourceLogProbabilities.stopGradient();
        return Scalars.over(log.exp().mul(log.sub(logProbabilities)).sum(), (double)
                logProbabilities.getShape().get(0));
    }

    /**
     * The loss of replayed source rows by what the source model itself answers to them: {@code T² · KL(p₀ ‖ p)}, the mean over rows, with
     * the source model's answers p₀ and the model's answers p both at temperature T = {@value #TEMPERATURE} (Hinton, Vinyals and Dean,
     * <i>Distilling the Knowledge in a Neural Network</i>, 2015). The factor T² keeps its gradient as large as that of cross-entropy.
     *
     * <p>The reason for it: a source set of 1,000 images is known by heart after some hundred steps, and its labels then demand nothing more,
     * while the source model's answers still tell how classes resemble each other. Variant: the label is used only where it is a class that
     * the source model cannot know, since nobody has trained it; what the answer gives to the label and to its first choice is exchanged
     * there. Rejected: the exchange wherever an answer is wrong, and T = 4 ({@code findings/decisions/learning-rate.md}). Cost: one more forward
     * pass of the source rows through the trainable part. It fails to help where the source rows are not like what the source model learnt from.
     *
     * @param source what the source model gives for these rows, {@code [rows, classes]}, of which the loss is taken
     * @param own the same of the model in training
     * @param unknown the classes that the source model cannot know
     */
    public static NDArray answers(
            NDManager step,
            NDArray source,
            NDArray own,
            OutputSemantics answers,
            List<Integer> labels,
            Set<Integer> unknown) {
        NDArray known = tempered(source, answers).exp();
        int columns = (int) known.getShape().get(1);
        float[] wanted = known.toFloatArray();
        double certainty = 0;
        for (int i = 0; i < labels.size(); i++) {
            if (unknown.contains(labels.get(i))) {
                exchange(wanted, i * columns, columns, answers, labels.get(i));
            }
        }
        for (float each : wanted) {
            certainty += each > 0 ? each * Math.log(each) : 0;
        }
        double scale = TEMPERATURE * TEMPERATURE / labels.size();
        NDArray cross = tempered(own, answers)
                .mul(step.create(wanted, new Shape(labels.size(), columns)))
                .sum();
        return Scalars.times(cross, -scale).add(step.create((float) (scale * certainty)));
    }

    /** Exchanges what is wanted of the label's class with what is wanted of the class that is wanted most. */
    private static void exchange(float[] wanted, int from, int columns, OutputSemantics answers, int label) {
        int classes = answers == OutputSemantics.EACH_CLASS ? columns / 2 : columns;
        int most = label;
        for (int i = 0; i < classes; i++) {
            most = wanted[from + i] > wanted[from + most] ? i : most;
        }
        for (int half = from; half < from + columns; half += classes) {
            float own = wanted[half + label];
            wanted[half + label] = wanted[half + most];
            wanted[half + most] = own;
        }
    }

    private static NDArray tempered(NDArray rows, OutputSemantics answers) {
        return switch (answers) {
            case ONE_CLASS, EACH_CLASS -> logProbabilities(Scalars.over(rows, TEMPERATURE), answers);
            case PROBABILITIES ->
                Scalars.over(logProbabilities(rows, answers), TEMPERATURE).logSoftmax(1);
        };
    }
}
