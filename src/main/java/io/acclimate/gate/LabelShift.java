package io.acclimate.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Notices labels from a list of classes that is shifted against the model's: off by one, or by any number. By such labels a candidate
 * that learns the shift is better than the source model, so no comparison of the two can find them. What gives them away is that the
 * source model, where it knows anything of the domain, agrees with the labels best when each is taken for the class k places before it.
 *
 * <p>With a₀ samples on which the source model's class is the label, and aₖ on which it is the class k before, a shift is suspected
 * when aₖ − a₀ &gt; z · √(aₖ + a₀), and aₖ is above what independent classes would give by {@value #ABOVE_CHANCE} standard errors.
 * Where aₖ is less than {@value #KNOWN} of all samples, it must be {@value #FAR_ABOVE_CHANCE} standard errors above that, and is then
 * suspected as soon as aₖ &gt; a₀, unless a₀ is above chance as well: there a candidate is proven so soon that there is no time for more
 * certainty. It is not suspected then where the labels are mostly of one class, or a₀ is less than half of what chance would give. Of two
 * classes, aₖ − a₀ must be {@value #OF_TWO_CLASSES} of all samples besides: a model that hard images mislead takes each of two classes for
 * the other more often than not, which a list of more classes seldom looks like.
 * Counts are halved when there are {@value #MANY}, so that they follow the labels. Cost: one counter for each class. Fails to see: other
 * permutations of classes, and any shift where the source model knows nothing of the domain. Where it is right in less than one of five
 * cases, right labels are sometimes suspected, too, and always when its errors name one neighbour of the right class more often than that
 * class. Measured over three seeds on inverted images, where 0.19 are right: right labels serve from the 96th on as without the rule;
 * labels shifted by one serve from the 96th on and are found out by the 160th, the 512th and the 192nd. Rejected: taking a version that has
 * served for fewer than 256 samples back at z = 1.5 or 1. Of 40 orders of that stream, 2 and 5 with right labels would begin afresh, which
 * costs 0.06 of the first 1,024, and the 192nd was all that came sooner with 1.5, as the 160th.
 */
final class LabelShift {
    private static final double ABOVE_CHANCE = 2;
    private static final double FAR_ABOVE_CHANCE = 3;
    private static final double KNOWN = 0.3;
    static final double OF_TWO_CLASSES = 0.125;
    private static final int MANY = 2_048;

    /** On how many samples the label is the source model's class and so many classes on. */
    private final int[] agreement;

    private final int[] predicted;
    private final int[] labelled;
    private final double ofTwoClasses;
    private int samples;

    /** @param ofTwoClasses the share of all samples that a shift of two classes must explain more, 0 for any */
    LabelShift(int classes, double ofTwoClasses) {
        this.ofTwoClasses = ofTwoClasses;
        this.agreement = new int[classes];
        this.predicted = new int[classes];
        this.labelled = new int[classes];
    }

    void see(Scored sample) {
        int classes = agreement.length;
        agreement[Math.floorMod(sample.label() - sample.source(), classes)]++;
        predicted[sample.source()]++;
        labelled[sample.label()]++;
        samples++;
        if (samples >= MANY) {
            for (int[] counts : List.of(agreement, predicted, labelled)) {
                for (int i = 0; i < classes; i++) {
                    counts[i] /= 2;
                }
            }
            samples = Arrays.stream(agreement).sum();
        }
    }

    /** @param z how many standard errors a shift must explain the labels better than no shift */
    Optional<String> suspected(double z) {
        int best = 0;
        for (int k = 1; k < agreement.length; k++) {
            best = agreement[k] > agreement[best] ? k : best;
        }
        boolean known = agreement[best] > KNOWN * samples;
        boolean sure = known || z > 1 || isAboveChance(0, ABOVE_CHANCE);
        double ahead = agreement[best] - (double) agreement[0];
        if (best == 0
                || (agreement.length == 2 && ahead < ofTwoClasses * samples)
                || (!known && (isOneSided() || isMisled()))
                || !(ahead > (sure ? z : 0) * Math.sqrt(agreement[best] + agreement[0]))
                || !isAboveChance(best, known ? ABOVE_CHANCE : FAR_ABOVE_CHANCE)) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "the labels look like a list of classes shifted by %d: the source model agrees with %d of %d labels as they are, and with %d"
                        + " when each is taken for the class %d before it",
                best,
                agreement[0],
                samples,
                agreement[best],
                best));
    }

    /** True when a class has more than twice its even share of the labels: the errors of one class look like a shift of all. */
    private boolean isOneSided() {
        long seen = Arrays.stream(labelled).filter(count -> count > 0).count();
        return Arrays.stream(labelled).max().orElse(0) * seen > 2L * samples;
    }

    /** True when the model is right less than half as often as by chance: its images mislead it then, and not its labels. */
    private boolean isMisled() {
        return agreement[0] < byChance(0) / 2;
    }

    private double byChance(int shift) {
        double expected = 0;
        for (int i = 0; i < agreement.length; i++) {
            expected += predicted[i] * (double) labelled[(i + shift) % agreement.length] / samples;
        }
        return expected;
    }

    private boolean isAboveChance(int shift, double errors) {
        double expected = byChance(shift);
        return agreement[shift] > expected + errors * Math.sqrt(expected * (1 - expected / samples));
    }

    void clear() {
        restore(List.of());
    }

    /** Agreements, then predicted classes, then labels. */
    List<Integer> state() {
        List<Integer> all = new ArrayList<>();
        for (int[] counts : List.of(agreement, predicted, labelled)) {
            for (int count : counts) {
                all.add(count);
            }
        }
        return all;
    }

    /** Begins with nothing when the state is that of another number of classes. */
    void restore(List<Integer> state) {
        int classes = agreement.length;
        boolean fits = state.size() == 3 * classes;
        for (int i = 0; i < classes; i++) {
            agreement[i] = fits ? state.get(i) : 0;
            predicted[i] = fits ? state.get(classes + i) : 0;
            labelled[i] = fits ? state.get(2 * classes + i) : 0;
        }
        samples = Arrays.stream(agreement).sum();
    }
}
