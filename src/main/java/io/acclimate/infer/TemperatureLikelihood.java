package io.acclimate.infer;

import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.card.ModelCard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * How likely labels are at each temperature of a grid, over answers that a model in training gave before it was trained on the samples
 * (progressive validation). A holdout alone has some 80 samples after 1,024 labels; a temperature that is fitted on so few is off by an
 * eighth, and the smoothing of {@link TemperatureScaling} makes all confidence too low besides. With these answers in addition, several
 * hundred samples decide.
 *
 * <p>A sample's weight falls by a factor of e for each {@code memory} samples that come after it, because the model that answered is an
 * older one. Where a share ε of the labels is random, the likelihood of a label is (1 − ε) · p + ε / classes, so that the temperature is that of
 * the right labels. The temperatures are from {@value #COLDEST} on, {@value #POINTS} of them, a quarter of an octave apart; a parabola
 * through the best one and its neighbours gives the result. Sums are of {@link StrictMath}, so the same answers give the same bits
 * everywhere. There is no temperature where the best one is the hottest, or where the version's own holdout is clearly likelier without it.
 * Cost: {@value #POINTS} exponentials for each score. It fails while a model improves so fast that its older answers say nothing of it.
 * For one thread at a time.
 */
public final class TemperatureLikelihood {
    private static final double COLDEST = TemperatureScaling.COLDEST;
    private static final int POINTS = 21;
    private static final double PER_OCTAVE = 4;
    /** The point of temperature 1, which is two octaves above the coldest. */
    private static final int UNCHANGED = 8;
    /** By how many nats the holdout must be likelier without a temperature than with it, which is seven times as likely. */
    private static final double EVIDENCE = 2;

    private final double keep;
    private double samples;
    /** Of the logit of the label over the mean of all logits, summed over samples: what smoothing takes off. */
    private double lead;

    private final double[] losses = new double[POINTS];

    /** @param memory samples after which a sample's weight has fallen by a factor of e; 0 for no answers but those of the holdout */
    public TemperatureLikelihood(int memory) {
        this.keep = memory == 0 ? 0 : 1 - 1.0 / memory;
    }

    /**
     * Takes answers. Those that are not finite or not a distribution say nothing.
     *
     * @param output {@code [rows, classes] float32} of a model that was not trained on the samples yet
     * @param labels the class of each row
     * @param randomLabels the share of labels that are random
     */
    public void see(ModelCard card, FloatTensor output, List<Integer> labels, double randomLabels) {
        if (keep == 0 || labels.isEmpty() || !TemperatureScaling.isUsable(card.outputKind(), output)) {
            return;
        }
        double[] logits = TemperatureScaling.logits(card.outputKind(), output);
        int classes = logits.length / labels.size();
        for (int row = 0; row < labels.size(); row++) {
            samples = keep * samples + 1;
            lead = keep * lead + lead(logits, row * classes, classes, labels.get(row));
            for (int i = 0; i < POINTS; i++) {
                losses[i] = keep * losses[i] + loss(logits, row * classes, classes, labels.get(row), i, randomLabels);
            }
        }
    }

    /**
     * Fits a temperature to these answers and to those for held-out samples.
     *
     * @param output {@code [rows, classes] float32} of the version for samples that it was not trained on
     * @param labels the class of each row
     * @param randomLabels the share of labels that are random
     */
    public Calibration fit(ModelCard card, FloatTensor output, List<Integer> labels, double randomLabels) {
        int rows = labels.size();
        if (rows + samples < TemperatureScaling.FEWEST || !TemperatureScaling.isUsable(card.outputKind(), output)) {
            return Calibration.NONE;
        }
        double[] logits = TemperatureScaling.logits(card.outputKind(), output);
        int classes = logits.length / Math.max(1, rows);
        double held = 0;
        for (int row = 0; row < rows; row++) {
            held += lead(logits, row * classes, classes, labels.get(row));
        }
        double[] own = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            own[i] = loss(logits, labels, i, randomLabels);
        }
        double[] sums = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            sums[i] = losses[i] + own[i] + (lead + held) / (rows + samples + 2) / temperature(i);
            own[i] += held / (rows + 2) / temperature(i);
        }
        double best = lowest(sums);
        // Answers that want the hottest temperature were wrong so often that no confidence suits them. What
        // helps the answers of older weights may harm this version, which its holdout shows.
        if (best == POINTS - 1 || own[(int) Math.round(best)] - own[UNCHANGED] > EVIDENCE) {
            return Calibration.NONE;
        }
        double temperature = temperature(best);
        boolean shows = rows >= TemperatureScaling.FEWEST;
        return new Calibration(
                temperature,
                (int) Math.round(rows + samples),
                shows ? TemperatureScaling.error(card, 1, output, labels) : Double.NaN,
                shows ? TemperatureScaling.error(card, temperature, output, labels) : Double.NaN);
    }

    private static double loss(double[] logits, List<Integer> labels, int point, double randomLabels) {
        int classes = logits.length / Math.max(1, labels.size());
        double sum = 0;
        for (int row = 0; row < labels.size(); row++) {
            sum += loss(logits, row * classes, classes, labels.get(row), point, randomLabels);
        }
        return sum;
    }

    private static double temperature(double point) {
        return COLDEST * StrictMath.pow(2, point / PER_OCTAVE);
    }

    /** The lowest point of a parabola through the lowest sum and its neighbours. */
    private static double lowest(double[] sums) {
        int best = 0;
        for (int i = 1; i < POINTS; i++) {
            best = sums[i] < sums[best] ? i : best;
        }
        if (best == 0 || best == POINTS - 1) {
            return best;
        }
        double before = sums[best - 1] - sums[best];
        double after = sums[best + 1] - sums[best];
        return before + after > 0 ? best + (before - after) / (2 * (before + after)) : best;
    }

    private static double lead(double[] logits, int from, int classes, int label) {
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            sum += logits[i];
        }
        return logits[from + label] - sum / classes;
    }

    private static double loss(double[] logits, int from, int classes, int label, int point, double randomLabels) {
        double inverse = 1 / temperature(point);
        double largest = logits[from];
        for (int i = from; i < from + classes; i++) {
            largest = Math.max(largest, logits[i]);
        }
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            sum += StrictMath.exp(inverse * (logits[i] - largest));
        }
        double log = inverse * (logits[from + label] - largest) - StrictMath.log(sum);
        return randomLabels == 0
                ? -log
                : -StrictMath.log((1 - randomLabels) * StrictMath.exp(log) + randomLabels / classes);
    }

    /** Forgets all answers. */
    public void clear() {
        samples = 0;
        lead = 0;
        Arrays.fill(losses, 0);
    }

    /** Samples, then the lead, then the loss at each temperature; empty without samples. */
    public List<Double> state() {
        if (samples == 0) {
            return List.of();
        }
        List<Double> all = new ArrayList<>(List.of(samples, lead));
        for (double each : losses) {
            all.add(each);
        }
        return Collections.unmodifiableList(all);
    }

    /** Begins with nothing when the state is that of another grid. */
    public void restore(List<Double> state) {
        clear();
        if (state.size() == POINTS + 2) {
            samples = state.get(0);
            lead = state.get(1);
            for (int i = 0; i < POINTS; i++) {
                losses[i] = state.get(i + 2);
            }
        }
    }
}
