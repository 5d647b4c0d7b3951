package io.acclimate.gate;

import io.acclimate.core.FloatTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The class that a model names for each sample once the mean score of each class is taken from its scores. Images of another domain often
 * move the scores of all samples alike, so that the model names one class or two for nearly all of them; what is left tells how samples differ.
 *
 * <p>A score is a logit or the logarithm of a probability. The mean is that of all samples so far, those of the present mini-batch included, and is
 * halved in weight when there are {@value #MANY}, so that it follows the domain. It is right where labels come in any order and no class floods them.
 * Sums are doubles in the order of samples and logarithms are of {@link StrictMath}, so that the same samples give the same bits everywhere. One thread.
 */
public final class CentredClasses {
    private static final int MANY = 2_048;
    /** A probability of 0 has no logarithm. */
    private static final double LEAST = 1e-7;

    private final boolean probabilities;
    private final double[] sums;
    private int samples;

    /**
     * Begins with no sample.
     *
     * @param classes of the model's label set
     * @param probabilities true for a model that gives probabilities, false for logits
     */
    public CentredClasses(int classes, boolean probabilities) {
        this.probabilities = probabilities;
        this.sums = new double[classes];
    }

    /**
     * Takes the scores of some samples, in their order, and returns the class of each.
     *
     * @param scores of each sample, {@code [classes] float32}, all finite
     */
    public List<Integer> see(List<FloatTensor> scores) {
        for (FloatTensor each : scores) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += score(each, i);
            }
            samples++;
        }
        List<Integer> classes = scores.stream().map(this::best).toList();
        if (samples >= MANY) {
            samples /= 2;
            for (int i = 0; i < sums.length; i++) {
                sums[i] /= 2;
            }
        }
        return classes;
    }

    private int best(FloatTensor scores) {
        int best = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < sums.length; i++) {
            double centred = score(scores, i) - sums[i] / samples;
            if (centred > highest) {
                highest = centred;
                best = i;
            }
        }
        return best;
    }

    private double score(FloatTensor scores, int index) {
        float value = scores.values()[index];
        return probabilities ? StrictMath.log(Math.max(LEAST, value)) : value;
    }

    /** The scores of a sample, as they are summed. */
    public List<Double> logits(FloatTensor scores) {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            all.add(score(scores, i));
        }
        return all;
    }

    /** The samples that the mean is of. */
    public int samples() {
        return samples;
    }

    /** The sum of the scores of each class over these samples; empty before the first. */
    public List<Double> sums() {
        if (samples == 0) {
            return List.of();
        }
        List<Double> all = new ArrayList<>();
        for (double each : sums) {
            all.add(each);
        }
        return all;
    }

    /** Begins with no sample when the sums are those of another number of classes. */
    public void restore(List<Double> sumsOfState, int samplesOfState) {
        boolean fits = sumsOfState.size() == sums.length;
        samples = fits ? samplesOfState : 0;
        for (int i = 0; i < sums.length; i++) {
            sums[i] = fits ? sumsOfState.get(i) : 0;
        }
    }

    /** The domain or the label set is another one. */
    public void clear() {
        samples = 0;
        Arrays.fill(sums, 0);
    }
}
