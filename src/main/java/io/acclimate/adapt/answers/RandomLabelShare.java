package io.acclimate.adapt.answers;

import io.acclimate.core.FloatTensor;
import java.util.List;

/**
 * Estimates how many labels are drawn at random from all classes. A model that has learnt its domain errs among similar classes: the right
 * class is one of the next in its order. A random label is any class. So the labels among the less likely half of the classes tell: with
 * a share f of them there, of K classes, the estimate is {@code f · K / ⌊K / 2⌋}. It does not depend on how confident the model is.
 *
 * <p>It counts when it is above {@value #COUNTS} by two standard errors: it is too large while little is learnt, and right labels must not count
 * then ({@code findings/decisions/learning-rate.md} has figures). Older samples are forgotten. Rejected alternative: the likelihood of a mixture,
 * which takes wrong confidence for random labels.
 *
 * <p>It fails with fewer than {@value #FEWEST_CLASSES} classes, where similar classes are half of all; while a domain changes; and for wrong labels
 * that name a similar class. One thread.
 */
final class RandomLabelShare {
    private static final double COUNTS = 0.12;
    private static final int FEWEST_CLASSES = 4;
    private static final int FEWEST_SAMPLES = 200;

    private final double keep;
    private double samples;
    /** Labels among the less likely half of the classes. */
    private double unlikely;

    private int classes;

    /** @param memory samples after which a sample's weight has fallen by a factor of e; 0 for no estimate */
    RandomLabelShare(int memory) {
        this.keep = memory == 0 ? 0 : 1 - 1.0 / memory;
    }

    /** @param output {@code [rows, classes] float32} of a model that was not trained on the samples yet */
    void see(FloatTensor output, List<Integer> labels) {
        classes = output.shape().extent(1);
        for (int row = 0; row < labels.size(); row++) {
            int from = row * classes;
            float own = output.values()[from + labels.get(row)];
            int ahead = 0;
            for (int i = from; i < from + classes; i++) {
                ahead += output.values()[i] > own ? 1 : 0;
            }
            samples = keep * samples + 1;
            unlikely = keep * unlikely + (ahead >= classes - classes / 2 ? 1 : 0);
        }
    }

    /** 0 while few labels are random. */
    double share() {
        if (classes < FEWEST_CLASSES || samples < FEWEST_SAMPLES) {
            return 0;
        }
        int half = classes / 2;
        double scale = classes / (double) half / samples;
        double share = scale * unlikely;
        return share - 2 * scale * Math.sqrt(unlikely) > COUNTS ? Math.min(share, 0.95) : 0;
    }

    void clear() {
        samples = 0;
        unlikely = 0;
    }

    /** Samples, those with an unlikely label, and classes. */
    List<Double> state() {
        return List.of(samples, unlikely, (double) classes);
    }

    void restore(List<Double> state) {
        boolean fits = state.size() == 3;
        samples = fits ? state.get(0) : 0;
        unlikely = fits ? state.get(1) : 0;
        classes = fits ? state.get(2).intValue() : 0;
    }
}
