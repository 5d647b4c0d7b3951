package io.acclimate.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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
 *
 * <p>A list is shifted for all of its classes, but a model that hard images mislead takes one class for one other. So the shift must not rest on
 * one of the classes that the source model names: without the class that speaks for it most, the label k on must come more often than
 * independent classes would give, either over all other classes by {@value #ABOVE_CHANCE} standard errors, or after one of them, {@value
 * #ALONE} times or more and by {@value #ABOVE_CHANCE} and a quarter of one for each doubling of the samples beyond {@value #FEW}, since that is
 * asked of each class and again and again. Without this rule ({@link GateSettings.Suspicion#KNOWN_CLASSES}) a network with a tenth of its
 * inverted images right was suspected of a shifted list at 8 to 13 of 16 looks, on each of five orders of 1,024 right labels; with it at none. Of
 * shifted labels, by two networks on seven shifts of images, five orders each, no suspicion came more than 64 labels later but that one.
 *
 * <p>Counts are halved when there are {@value #MANY}, so that they follow the labels. Cost: three counters for each class, and one for each pair
 * of classes that was seen. Fails to see: other permutations of classes, and any shift where the source model knows nothing of the
 * domain. Where it is right in less than one of five cases, right labels may be suspected, too, when its errors name one neighbour of the
 * right class more often than that class, and do so for several classes. Measured over three seeds on inverted images, where 0.19 are right: right labels serve from the 96th on as without the rule;
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

    private static final int ALONE = 2;
    private static final int FEW = 128;

    /** On how many samples the label is the source model's class and so many classes on. */
    private final int[] agreement;

    private final int[] predicted;
    private final int[] labelled;
    /** On how many samples the source model named a class and the label is another or the same. */
    private final SortedMap<Pair, Integer> pairs = new TreeMap<>();

    private final double ofTwoClasses;
    private final boolean byClass;
    private int samples;

    private record Pair(int source, int label) implements Comparable<Pair> {
        private static final Comparator<Pair> ORDER =
                Comparator.comparingInt(Pair::source).thenComparingInt(Pair::label);

        @Override
        public int compareTo(Pair other) {
            return ORDER.compare(this, other);
        }
    }

    LabelShift(int classes, GateSettings.Suspicion suspicion) {
        this.ofTwoClasses = suspicion == GateSettings.Suspicion.ALL_CLASSES ? 0 : OF_TWO_CLASSES;
        this.byClass = suspicion == GateSettings.Suspicion.SEVERAL_CLASSES;
        this.agreement = new int[classes];
        this.predicted = new int[classes];
        this.labelled = new int[classes];
    }

    void see(Scored sample) {
        int classes = agreement.length;
        agreement[Math.floorMod(sample.label() - sample.source(), classes)]++;
        predicted[sample.source()]++;
        labelled[sample.label()]++;
        if (byClass) {
            pairs.merge(new Pair(sample.source(), sample.label()), 1, Integer::sum);
        }
        samples++;
        if (samples >= MANY) {
            for (int[] counts : List.of(agreement, predicted, labelled)) {
                for (int i = 0; i < classes; i++) {
                    counts[i] /= 2;
                }
            }
            pairs.replaceAll((pair, count) -> count / 2);
            pairs.values().removeIf(count -> count == 0);
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
                || !isAboveChance(best, known ? ABOVE_CHANCE : FAR_ABOVE_CHANCE)
                || (byClass && restsOnOneClass(best))) {
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

    /** True when nothing speaks for the shift but one class that the source model names. */
    private boolean restsOnOneClass(int shift) {
        List<Excess> classes = new ArrayList<>();
        for (int i = 0; i < predicted.length; i++) {
            int label = (i + shift) % predicted.length;
            double share = labelled[label] / (double) samples;
            double expected = predicted[i] * share;
            int seen = pairs.getOrDefault(new Pair(i, label), 0);
            classes.add(new Excess(seen, seen - expected, expected * (1 - share)));
        }
        List<Excess> others = classes.stream()
                .sorted(Comparator.comparingDouble(Excess::samples).reversed())
                .skip(1)
                .toList();
        double together = others.stream().mapToDouble(Excess::samples).sum();
        double variance = others.stream().mapToDouble(Excess::variance).sum();
        double alone = ABOVE_CHANCE + Math.max(0, Math.log(samples / (double) FEW) / Math.log(2)) / 4;
        return !(together > ABOVE_CHANCE * Math.sqrt(variance))
                && others.stream()
                        .noneMatch(other ->
                                other.seen() >= ALONE && other.samples() > alone * Math.sqrt(other.variance()));
    }

    /**
     * How often a class that the source model names comes with the label that a shift says.
     *
     * @param samples so many more than independent classes would give
     * @param variance of that number, by independent classes
     */
    private record Excess(int seen, double samples, double variance) {}

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
        restore(List.of(), List.of());
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

    /** Each class that the source model named, a label that it came with, and how often. */
    List<Integer> pairs() {
        List<Integer> all = new ArrayList<>();
        pairs.forEach((pair, count) -> all.addAll(List.of(pair.source(), pair.label(), count)));
        return all;
    }

    /**
     * Begins with nothing when the state is that of another number of classes. Of a state without pairs, what was counted speaks for a shift
     * only together with what is counted after it.
     */
    void restore(List<Integer> state, List<Integer> pairsOfState) {
        int classes = agreement.length;
        boolean fits = state.size() == 3 * classes;
        for (int i = 0; i < classes; i++) {
            agreement[i] = fits ? state.get(i) : 0;
            predicted[i] = fits ? state.get(classes + i) : 0;
            labelled[i] = fits ? state.get(2 * classes + i) : 0;
        }
        pairs.clear();
        for (int i = 0; byClass && fits && i < pairsOfState.size(); i += 3) {
            pairs.put(new Pair(pairsOfState.get(i), pairsOfState.get(i + 1)), pairsOfState.get(i + 2));
        }
        samples = Arrays.stream(agreement).sum();
    }
}
