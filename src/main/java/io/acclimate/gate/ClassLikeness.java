package io.acclimate.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which list of classes fits the scores of the source model, by two signs that do not depend on which class it names.
 *
 * <ul>
 *   <li>Agreement: the mean score of a class over the samples of the label that stands for it, in standard deviations of all scores, averaged
 *       over the classes. It uses all of a score where counts of named classes use the highest one only.
 *   <li>Likeness: classes that are alike to the model (their scores rise and fall together over all samples, whatever the labels) must be alike
 *       by their labels, too (the mean scores of their samples are correlated). It is the correlation of the two over all pairs of classes
 *       (Mantel, <i>The detection of disease clustering</i>, Cancer Research 1967).
 * </ul>
 *
 * <p>By the first sign alone, right labels of a model that negatives mislead look like another list. Such images turn both sides of the second
 * one alike, and leave classes alike that were alike; another list of classes does not. Models that read a dial, a size or an age too low are not
 * taken for a list that is off by one: their classes are alike along a line, of which such a list would put the last class beside the first, or
 * around a circle, where both lists are equal.
 *
 * <p>In: scores, which are logits or logarithms of probabilities, less their mean over the classes of a sample, so that both are the same. All
 * sums are doubles in the order of samples and are halved when there are {@value #MANY}, so that they follow the labels. Memory: 1.5 numbers for
 * each pair of classes, so it is kept for {@value #LEAST} to {@value #MOST} classes only. Fails to see: lists of classes of which the model knows
 * no likeness. One thread. Measured in {@code findings/decisions/label-shift.md}.
 */
final class ClassLikeness {
    private static final int LEAST = 5;
    private static final int MOST = 32;
    private static final int MANY = 2_048;

    /** Samples that a label must have. */
    private static final double OF_A_LABEL = 2;

    /** Samples of each class, on average, below which nothing is known for sure. */
    private static final int OF_EACH_CLASS = 8;

    /** How well a list must fit, and by how much better than the labels as they are, by both signs. */
    private static final double BETTER = 0.2;
    /** Standard errors of a difference of two mean scores by which it must agree better besides. */
    private static final double ERRORS = 2;
    /** How alike classes must be where this sign is alone, and by how much more. */
    private static final double ALIKE = 0.4;

    private static final double ALONE = 0.5;

    private static final int ALONE_FROM = 256;
    private static final double PAIRS_OF_TEN = 45;
    /** By how much it must fit better to be waited out while labels are few. */
    private static final double PERHAPS = 0.1;

    private final int classes;
    private final double[] counts;
    /** By label. */
    private final double[][] sums;

    private final double[][] products;

    ClassLikeness(int classes) {
        this.classes = classes;
        int kept = keeps() ? classes : 0;
        this.counts = new double[kept];
        this.sums = new double[kept][kept];
        this.products = new double[kept][kept];
    }

    /** True for a number of classes of which scores are kept. */
    boolean keeps() {
        return classes >= LEAST && classes <= MOST;
    }

    /** @param logits of each class; none where they are not known */
    void see(List<Double> logits, int label) {
        if (!keeps() || logits.size() != classes) {
            return;
        }
        double mean = 0;
        for (double each : logits) {
            mean += each / classes;
        }
        counts[label]++;
        for (int i = 0; i < classes; i++) {
            double score = logits.get(i) - mean;
            sums[label][i] += score;
            for (int j = 0; j <= i; j++) {
                products[i][j] += score * (logits.get(j) - mean);
            }
        }
        if (samples() >= MANY) {
            halve(counts);
            for (int i = 0; i < classes; i++) {
                halve(sums[i]);
                halve(products[i]);
            }
        }
    }

    private static void halve(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] /= 2;
        }
    }

    private double samples() {
        return Arrays.stream(counts).sum();
    }

    /** How much better the list of classes fits that is shifted by so many. */
    Better shiftedBy(int shift) {
        return better(shifted(shift));
    }

    private int[] shifted(int shift) {
        int[] labels = new int[classes];
        for (int i = 0; i < classes; i++) {
            labels[i] = (i + shift) % classes;
        }
        return labels;
    }

    /**
     * How a list fits, and how much better than the labels as they are.
     *
     * @param pairs of classes that the likeness is of
     * @param samples that both signs are of; 0 where nothing is known
     * @param classes of the model
     */
    record Better(
            double agreement,
            double likeness,
            double moreAgreement,
            double moreLikeness,
            int pairs,
            double samples,
            int classes) {
        private static Better unknown(int classes) {
            return new Better(0, 0, 0, 0, 0, 0, classes);
        }

        /** True when both signs say so by more than chance does, or the likeness of many samples does by far. */
        boolean fits() {
            return isEnough() && (isByBoth() || (samples >= ALONE_FROM && isByLikeness()));
        }

        private boolean isByBoth() {
            return agreement > BETTER
                    && moreAgreement > Math.max(BETTER, ERRORS * Math.sqrt(2 / samples))
                    && Math.min(likeness, moreLikeness) > least(BETTER);
        }

        private boolean isByLikeness() {
            return likeness > least(ALIKE) && moreLikeness > least(ALONE);
        }

        /** True when both signs lean to the list, or the likeness does by far. */
        boolean mayFit() {
            return Math.min(moreAgreement, moreLikeness) > PERHAPS || (isEnough() && isByLikeness());
        }

        /** True when classes that are alike to the model would not be by this list. */
        boolean isUnlike() {
            return isEnough() && moreLikeness < -least(BETTER);
        }

        private boolean isEnough() {
            return samples > 0 && samples >= OF_EACH_CLASS * classes;
        }

        /** So much of ten classes or more; fewer have so few pairs that chance gives more. */
        private double least(double ofTen) {
            return ofTen * Math.max(1, Math.sqrt(PAIRS_OF_TEN / pairs));
        }
    }

    /** @param labels for each class the label that stands for it; −1 for none */
    Better better(int[] labels) {
        if (!keeps()) {
            return Better.unknown(classes);
        }
        Scores scores = scores();
        Fit other = scores.fit(labels);
        Fit asTheyAre = scores.fit(shifted(0));
        int pairs = Math.min(other.pairs, asTheyAre.pairs);
        return pairs < LEAST * (LEAST - 1) / 2
                ? Better.unknown(classes)
                : new Better(
                        other.agreement,
                        other.likeness,
                        other.agreement - asTheyAre.agreement,
                        other.likeness - asTheyAre.likeness,
                        pairs,
                        samples(),
                        classes);
    }

    /**
     * How a list fits.
     *
     * @param pairs of classes that the likeness is of
     */
    private record Fit(double agreement, double likeness, int pairs) {}

    private Scores scores() {
        double samples = samples();
        double[] mean = new double[classes];
        for (double[] ofLabel : sums) {
            for (int i = 0; i < classes; i++) {
                mean[i] += ofLabel[i] / samples;
            }
        }
        double[][] covariance = new double[classes][classes];
        double variance = 0;
        for (int i = 0; i < classes; i++) {
            for (int j = 0; j <= i; j++) {
                covariance[i][j] = products[i][j] / samples - mean[i] * mean[j];
                covariance[j][i] = covariance[i][j];
            }
            variance += covariance[i][i] / classes;
        }
        double[][] byLabel = new double[classes][classes];
        for (int label = 0; label < classes; label++) {
            for (int i = 0; i < classes && counts[label] > 0; i++) {
                byLabel[label][i] = sums[label][i] / counts[label] - mean[i];
            }
        }
        return new Scores(covariance, byLabel, Math.sqrt(variance));
    }

    /** What the sums say. */
    private final class Scores {
        /** How alike two classes are to the model. */
        private final double[][] model = new double[classes][classes];
        /** How alike the samples of two labels are. */
        private final double[][] labelled = new double[classes][classes];
        /** The mean score of each class over the samples of a label. */
        private final double[][] byLabel;

        private final double deviation;

        Scores(double[][] covariance, double[][] byLabel, double deviation) {
            this.byLabel = byLabel;
            this.deviation = deviation;
            for (int i = 0; i < classes; i++) {
                for (int j = 0; j < classes; j++) {
                    double both = covariance[i][i] * covariance[j][j];
                    model[i][j] = both > 0 ? covariance[i][j] / Math.sqrt(both) : 0;
                    labelled[i][j] = correlation(byLabel[i], byLabel[j]);
                }
            }
        }

        Fit fit(int[] labels) {
            double agreement = 0;
            int named = 0;
            List<Double> toModel = new ArrayList<>();
            List<Double> byLabels = new ArrayList<>();
            for (int i = 0; i < classes; i++) {
                if (!isSeen(labels[i])) {
                    continue;
                }
                named++;
                agreement += byLabel[labels[i]][i];
                for (int j = 0; j < i; j++) {
                    if (isSeen(labels[j])) {
                        toModel.add(model[i][j]);
                        byLabels.add(labelled[labels[i]][labels[j]]);
                    }
                }
            }
            return new Fit(
                    deviation > 0 && named > 0 ? agreement / named / deviation : 0,
                    correlation(array(toModel), array(byLabels)),
                    toModel.size());
        }

        private boolean isSeen(int label) {
            return label >= 0 && counts[label] >= OF_A_LABEL;
        }
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Pearson's; 0 where one of them does not vary. */
    private static double correlation(double[] one, double[] other) {
        double meanOfOne = 0;
        double meanOfOther = 0;
        for (int i = 0; i < one.length; i++) {
            meanOfOne += one[i] / one.length;
            meanOfOther += other[i] / one.length;
        }
        double both = 0;
        double ofOne = 0;
        double ofOther = 0;
        for (int i = 0; i < one.length; i++) {
            double left = one[i] - meanOfOne;
            double right = other[i] - meanOfOther;
            both += left * right;
            ofOne += left * left;
            ofOther += right * right;
        }
        double variances = ofOne * ofOther;
        return variances > 0 ? both / Math.sqrt(variances) : 0;
    }

    void clear() {
        restore(List.of());
    }

    /** Samples by label; then the sums of scores by label; then the sums of products, without those above the diagonal. Empty before the first sample. */
    List<Double> state() {
        List<Double> all = new ArrayList<>();
        if (samples() == 0) {
            return all;
        }
        Arrays.stream(counts).forEach(all::add);
        for (double[] ofLabel : sums) {
            Arrays.stream(ofLabel).forEach(all::add);
        }
        for (int i = 0; i < classes; i++) {
            for (int j = 0; j <= i; j++) {
                all.add(products[i][j]);
            }
        }
        return all;
    }

    /** Begins with nothing when the state is that of another number of classes. */
    void restore(List<Double> state) {
        int kept = counts.length;
        boolean fits = kept > 0 && state.size() == kept + kept * kept + kept * (kept + 1) / 2;
        int next = 0;
        for (int i = 0; i < kept; i++) {
            counts[i] = fits ? state.get(next++) : 0;
        }
        for (int i = 0; i < kept; i++) {
            for (int j = 0; j < kept; j++) {
                sums[i][j] = fits ? state.get(next++) : 0;
            }
        }
        for (int i = 0; i < kept; i++) {
            for (int j = 0; j <= i; j++) {
                products[i][j] = fits ? state.get(next++) : 0;
            }
        }
    }
}
