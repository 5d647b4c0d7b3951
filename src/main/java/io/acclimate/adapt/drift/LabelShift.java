package io.acclimate.adapt.drift;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Estimates how frequent each class has become from a model's answers alone: the shares q of classes under which answers that are given
 * to each class as often as before explain best which answers are given now. Black Box Shift Estimation (Lipton, Wang and Smola,
 * <i>Detecting and Correcting for Label Shift with Black Box Predictors</i>, ICML 2018) solves {@code C · w = μ} for the weights
 * {@code w = q / p}, with the confusion matrix C of before, the shares p of classes before, and the shares μ of answers now. Variant: with
 * the same C and μ, q is the most likely one, found by expectation maximisation. Inverting C gives negative shares and
 * large errors where the samples are few or the model confuses classes; this does not. Cost: {@value #ROUNDS} rounds over the cells of C
 * that are not 0. It fails where the inputs of a class have changed, which is why that is tested first, and of a class that was not seen
 * before it says 0.
 */
final class LabelShift {
    private static final int ROUNDS = 200;

    private LabelShift() {}

    /**
     * The shares of classes now.
     *
     * @param labels the classes before
     * @param answers to the same samples
     * @param now answers to the samples whose classes are to be estimated
     */
    static SortedMap<Integer, Double> shares(int[] labels, int[] answers, int[] now) {
        SortedMap<Integer, Integer> ofClass = counts(labels);
        Map<Integer, SortedMap<Integer, Integer>> confusion = new HashMap<>();
        for (int i = 0; i < labels.length; i++) {
            confusion.computeIfAbsent(answers[i], key -> new TreeMap<>()).merge(labels[i], 1, Integer::sum);
        }
        SortedMap<Integer, Double> shares = new TreeMap<>();
        ofClass.forEach((label, count) -> shares.put(label, count / (double) labels.length));
        SortedMap<Integer, Integer> seen = counts(now);
        seen.keySet().retainAll(confusion.keySet());
        double all = seen.values().stream().mapToInt(Integer::intValue).sum();
        for (int round = 0; round < ROUNDS && all > 0; round++) {
            SortedMap<Integer, Double> next = new TreeMap<>();
            seen.forEach((answer, count) -> {
                SortedMap<Integer, Integer> row = confusion.getOrDefault(answer, new TreeMap<>());
                double sum = 0;
                for (Map.Entry<Integer, Integer> cell : row.entrySet()) {
                    sum += likelihood(cell, ofClass, shares);
                }
                for (Map.Entry<Integer, Integer> cell : row.entrySet()) {
                    next.merge(cell.getKey(), count / all * likelihood(cell, ofClass, shares) / sum, Double::sum);
                }
            });
            shares.replaceAll((label, share) -> next.getOrDefault(label, 0.0));
        }
        return shares;
    }

    /** The probability of a class and of the answer that the cell is of. */
    private static double likelihood(
            Map.Entry<Integer, Integer> cell, Map<Integer, Integer> ofClass, Map<Integer, Double> shares) {
        // The smallest share keeps the sum of a row above 0.
        double share = Math.max(1e-200, shares.getOrDefault(cell.getKey(), 0.0));
        return share * cell.getValue() / ofClass.getOrDefault(cell.getKey(), 1);
    }

    static SortedMap<Integer, Integer> counts(int[] values) {
        SortedMap<Integer, Integer> counts = new TreeMap<>();
        for (int each : values) {
            counts.merge(each, 1, Integer::sum);
        }
        return counts;
    }
}
