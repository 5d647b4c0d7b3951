package io.acclimate.infer;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.card.ModelCard.OutputKind;
import java.util.List;

/**
 * Temperature scaling after Guo, Pleiss, Sun and Weinberger, <i>On Calibration of Modern Neural Networks</i>, ICML 2017: one number T
 * divides all logits, softmax(z / T), and minimises the negative log-likelihood of held-out labels. It keeps the order of the classes, so
 * no prediction changes. For a model that answers with probabilities, the logits are their logarithms.
 *
 * <p>Variant: a label counts as 1 - e of its class and e spread evenly over all classes, with e = 1 / (samples + 2), as Platt (1999) smooths
 * the targets of his sigmoid. Without that, the best T for a small holdout without a mistake is 0. The smoothed likelihood is convex in
 * 1 / T, so a golden-section search over log(1 / T) finds its minimum; T is between {@value #COLDEST} and {@value #HOTTEST}. The
 * search takes the same number of steps each time and uses {@link StrictMath}, so the same scores give the same bits everywhere.
 *
 * <p>Cost: {@value #STEPS} exponentials for each score. It fails when the domain changes after the fit: confidence then is as wrong as
 * accuracy. It cannot mend classes that are calibrated differently, since there is one T for all. Fewer than {@value #FEWEST} samples
 * say too little, and scores that are not finite or not a distribution have no temperature; T is 1 then. Immutable; any thread.
 */
public final class TemperatureScaling {
    static final int FEWEST = 64;
    static final double COLDEST = 0.25;
    static final double HOTTEST = 8;
    private static final int STEPS = 32;
    /** Of equal width, as in the paper. */
    private static final int BINS = 15;

    private static final double GOLDEN = (StrictMath.sqrt(5) - 1) / 2;
    private static final double SMALLEST = 1e-6;
    /** How far the sum of a row's probabilities may be from 1. */
    private static final double SUM = 0.01;

    private TemperatureScaling() {}

    /**
     * Fits a temperature.
     *
     * @param output {@code [rows, classes] float32} of samples that the model was not trained on
     * @param labels the class of each row
     */
    public static Calibration fit(ModelCard card, FloatTensor output, List<Integer> labels) {
        int rows = labels.size();
        if (rows < FEWEST || !isUsable(card.outputKind(), output)) {
            return Calibration.NONE;
        }
        double[] logits = logits(card.outputKind(), output);
        double smoothing = 1.0 / (rows + 2);
        double low = StrictMath.log(1 / HOTTEST);
        double high = StrictMath.log(1 / COLDEST);
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double atLeft = loss(logits, labels, StrictMath.exp(left), smoothing);
        double atRight = loss(logits, labels, StrictMath.exp(right), smoothing);
        for (int i = 0; i < STEPS; i++) {
            if (atLeft <= atRight) {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - GOLDEN * (high - low);
                atLeft = loss(logits, labels, StrictMath.exp(left), smoothing);
            } else {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + GOLDEN * (high - low);
                atRight = loss(logits, labels, StrictMath.exp(right), smoothing);
            }
        }
        double temperature = StrictMath.exp(-(low + high) / 2);
        return new Calibration(
                temperature, rows, error(card, 1, output, labels), error(card, temperature, output, labels));
    }

    /**
     * The expected calibration error: over {@value #BINS} bins of equal width, the difference of mean confidence and accuracy, weighted by
     * the share of samples in the bin. NaN without samples.
     */
    public static double error(ModelCard card, double temperature, FloatTensor output, List<Integer> labels) {
        if (labels.isEmpty()) {
            return Double.NaN;
        }
        Scores scores = new Scores(card, temperature, 1);
        double[] confidence = new double[BINS];
        int[] hits = new int[BINS];
        for (int row = 0; row < labels.size(); row++) {
            var best = scores.top(output, row).get(0);
            int bin = (int) Math.max(0, Math.min(BINS - 1, best.confidence() * BINS));
            confidence[bin] += best.confidence();
            hits[bin] += best.classIndex() == labels.get(row) ? 1 : 0;
        }
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            error += Math.abs(confidence[bin] - hits[bin]);
        }
        return error / labels.size();
    }

    private static double loss(double[] logits, List<Integer> labels, double inverse, double smoothing) {
        int classes = logits.length / labels.size();
        double loss = 0;
        for (int row = 0; row < labels.size(); row++) {
            int from = row * classes;
            double largest = logits[from];
            double sum = 0;
            for (int i = from; i < from + classes; i++) {
                largest = Math.max(largest, logits[i]);
                sum += logits[i];
            }
            double exponentials = 0;
            for (int i = from; i < from + classes; i++) {
                exponentials += StrictMath.exp(inverse * (logits[i] - largest));
            }
            double expected = (1 - smoothing) * logits[from + labels.get(row)] + smoothing * sum / classes;
            loss += StrictMath.log(exponentials) + inverse * (largest - expected);
        }
        return loss;
    }

    static double[] logits(OutputKind kind, FloatTensor output) {
        double[] logits = new double[output.values().length];
        for (int i = 0; i < logits.length; i++) {
            double value = output.values()[i];
            logits[i] = kind == OutputKind.LOGITS ? value : StrictMath.log(Math.max(SMALLEST, value));
        }
        return logits;
    }

    static boolean isUsable(OutputKind kind, FloatTensor output) {
        int classes = output.shape().extent(1);
        double sum = 0;
        for (int i = 0; i < output.values().length; i++) {
            float value = output.values()[i];
            if (!Float.isFinite(value) || (kind == OutputKind.PROBABILITIES && value < 0)) {
                return false;
            }
            sum = i % classes == 0 ? value : sum + value;
            if (kind == OutputKind.PROBABILITIES && i % classes == classes - 1 && Math.abs(sum - 1) > SUM) {
                return false;
            }
        }
        return true;
    }
}
