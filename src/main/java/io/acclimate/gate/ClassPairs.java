package io.acclimate.gate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often each class that the source model named came with each label, and what the classes say of a list of classes that is shifted
 * by k. A list is shifted for all of its classes, while a model that hard images mislead takes one class for one other.
 *
 * <p>In {@link #votes}, each class that the model named has a vote of log((aₖ + ½) / (a₀ + ½)), when it came a₀ times with itself as label and aₖ
 * times with the label k on. The sum is about the logarithm of the Bayes factor of the two lists, with a prior that a class comes once more with
 * its own label than with another. A class that is named for half of all images counts no more in it than another, as it would in a sum of samples.
 *
 * <p>Memory: one number for each pair that came. Logarithms are of {@link StrictMath}, so that the same labels give the same bits everywhere. One
 * thread.
 */
final class ClassPairs {
    /** Standard errors by which classes come with a label more often than by chance. */
    private static final double ABOVE_CHANCE = 2;

    private static final int ALONE = 2;
    private static final int FOR_EACH_AGAINST = 5;
    private static final int TWO_CLASSES = 2;
    private static final int FEW = 128;
    private static final double HALF = 0.5;

    private final int classes;
    /** What each pair counts in what is asked of a mean. */
    private final double weight;

    private final SortedMap<Pair, Integer> counts = new TreeMap<>();

    ClassPairs(int classes) {
        this(classes, 1);
    }

    private ClassPairs(int classes, double weight) {
        this.classes = classes;
        this.weight = weight;
    }

    /** The mean of these counts and others of the same samples, for {@link #votes}, {@link #meanVote} and {@link #aboveChance} alone. */
    ClassPairs mean(ClassPairs other) {
        ClassPairs mean = new ClassPairs(classes, HALF);
        mean.counts.putAll(counts);
        other.counts.forEach((pair, count) -> mean.counts.merge(pair, count, Integer::sum));
        return mean;
    }

    /** On how many samples the label is k classes on from the class that the model named. */
    double samples(int shift) {
        double seen = 0;
        for (Map.Entry<Pair, Integer> each : counts.entrySet()) {
            seen += each.getKey().label() == (each.getKey().source() + shift) % classes ? weight * each.getValue() : 0;
        }
        return seen;
    }

    /**
     * True when the label k on comes more often than by chance after nearly all of the classes that the model named: after {@value #FOR_EACH_AGAINST} or more
     * for each after which it comes less often.
     *
     * @param labelled how often a label named each class
     */
    boolean nearlyAllAgree(int shift, int[] labelled, int samples) {
        double[] named = new double[classes];
        counts.forEach((pair, count) -> named[pair.source()] += weight * count);
        int agree = 0;
        int disagree = 0;
        for (int i = 0; i < classes; i++) {
            int label = (i + shift) % classes;
            double expected = named[i] * labelled[label] / samples;
            double seen = weight * count(i, label);
            agree += seen > expected ? 1 : 0;
            disagree += seen < expected ? 1 : 0;
        }
        return agree >= FOR_EACH_AGAINST * disagree;
    }

    /**
     * By how many standard errors the label k on comes more often than independent classes would give.
     *
     * @param labelled how often a label named each class
     */
    double aboveChance(int shift, int[] labelled, int samples) {
        double seen = 0;
        double expected = 0;
        for (Map.Entry<Pair, Integer> each : counts.entrySet()) {
            int label = (each.getKey().source() + shift) % classes;
            seen += each.getKey().label() == label ? weight * each.getValue() : 0;
            expected += weight * each.getValue() * labelled[label] / samples;
        }
        double variance = expected * (1 - expected / samples);
        return variance > 0 ? (seen - expected) / Math.sqrt(variance) : 0;
    }

    /** What the classes that came with the label k on or with their own say for the shift on average, in nats; 0 when none did. */
    double meanVote(int shift) {
        double sum = 0;
        int voters = 0;
        for (int i = 0; i < classes; i++) {
            int own = count(i, i);
            int shifted = count(i, (i + shift) % classes);
            sum += vote(shifted, own, weight);
            voters += own + shifted > 0 ? 1 : 0;
        }
        return voters == 0 ? 0 : sum / voters;
    }

    private record Pair(int source, int label) implements Comparable<Pair> {
        private static final Comparator<Pair> ORDER =
                Comparator.comparingInt(Pair::source).thenComparingInt(Pair::label);

        @Override
        public int compareTo(Pair other) {
            return ORDER.compare(this, other);
        }
    }

    void see(int source, int label) {
        counts.merge(new Pair(source, label), 1, Integer::sum);
    }

    private int count(int source, int label) {
        return counts.getOrDefault(new Pair(source, label), 0);
    }

    /** Halves all counts, and forgets pairs that came once. */
    void halve() {
        counts.replaceAll((pair, count) -> count / 2);
        counts.values().removeIf(count -> count == 0);
    }

    /**
     * True when nothing speaks for the shift but one class that the source model named. Without the class that speaks for it most, the label k
     * on must come more often than by chance, either over all other classes by {@value #ABOVE_CHANCE} standard errors, or after one of them,
     * {@value #ALONE} times or more and by {@value #ABOVE_CHANCE} and a quarter of one for each doubling of the samples beyond {@value #FEW}, since that
     * is asked of each class and again and again. Of two classes, each comes with the other's label as much more often as the other does, and the one
     * with the smaller standard error speaks most.
     *
     * @param predicted how often the source model named each class
     * @param labelled how often a label named it
     */
    boolean restOnOne(int shift, int[] predicted, int[] labelled, int samples) {
        List<Excess> all = new ArrayList<>();
        for (int i = 0; i < classes; i++) {
            int label = (i + shift) % classes;
            double share = labelled[label] / (double) samples;
            double expected = predicted[i] * share;
            int seen = count(i, label);
            all.add(new Excess(seen, seen - expected, expected * (1 - share)));
        }
        Comparator<Excess> most = classes == TWO_CLASSES
                ? Comparator.comparingDouble(Excess::variance)
                : Comparator.comparingDouble(Excess::samples).reversed();
        List<Excess> others = all.stream().sorted(most).skip(1).toList();
        double together = others.stream().mapToDouble(Excess::samples).sum();
        double variance = others.stream().mapToDouble(Excess::variance).sum();
        double alone = ABOVE_CHANCE + Math.max(0, StrictMath.log(samples / (double) FEW) / StrictMath.log(2)) / 4;
        return !(together > ABOVE_CHANCE * Math.sqrt(variance))
                && others.stream()
                        .noneMatch(other ->
                                other.seen() >= ALONE && other.samples() > alone * Math.sqrt(other.variance()));
    }

    /**
     * How often a class that the source model named comes with the label that a shift says.
     *
     * @param samples so many more than independent classes would give
     * @param variance of that number, by independent classes
     */
    private record Excess(int seen, double samples, double variance) {}

    /**
     * What the classes say of a shift.
     *
     * @param sum of all votes, in nats
     * @param ofOthers the same without the strongest vote
     * @param ahead by how much the sum is above that of the next shift, or of none
     * @param inFavour classes that came with the label k on more often than with their own
     * @param against classes that came with their own more often
     */
    record Votes(int shift, double sum, double ofOthers, double ahead, int inFavour, int against) {}

    /** The shift for which most is said, the smallest of several; empty before any label that is not the source model's class. */
    Optional<Votes> votes() {
        double neverShifted = 0;
        int right = 0;
        for (int i = 0; i < classes; i++) {
            int own = count(i, i);
            neverShifted += vote(0, own, weight);
            right += own > 0 ? 1 : 0;
        }
        SortedMap<Integer, Tally> tallies = new TreeMap<>();
        counts.forEach((pair, count) -> {
            int shift = Math.floorMod(pair.label() - pair.source(), classes);
            if (shift != 0) {
                tallies.computeIfAbsent(shift, k -> new Tally(weight)).add(count, count(pair.source(), pair.source()));
            }
        });
        double none = neverShifted;
        int named = right;
        List<Map.Entry<Integer, Tally>> byVotes = tallies.entrySet().stream()
                .sorted(Comparator.comparingDouble(each -> -each.getValue().sum))
                .toList();
        double next = byVotes.size() > 1 ? none + byVotes.get(1).getValue().sum : 0;
        return byVotes.stream().findFirst().map(each -> {
            Tally tally = each.getValue();
            double sum = none + tally.sum;
            return new Votes(
                    each.getKey(),
                    sum,
                    sum - tally.strongest,
                    sum - Math.max(0, next),
                    tally.inFavour,
                    named - tally.notAgainst);
        });
    }

    /** The votes of the classes that came with the label of one shift, beyond what they would say if they never had. */
    private static final class Tally {
        private final double weight;
        private double sum;
        private double strongest;
        private int inFavour;
        private int notAgainst;

        Tally(double weight) {
            this.weight = weight;
        }

        void add(int shifted, int own) {
            double vote = vote(shifted, own, weight);
            sum += vote - vote(0, own, weight);
            strongest = Math.max(strongest, vote);
            inFavour += shifted > own ? 1 : 0;
            notAgainst += own > 0 && shifted >= own ? 1 : 0;
        }
    }

    private static double vote(int shifted, int own, double weight) {
        return StrictMath.log((weight * shifted + HALF) / (weight * own + HALF));
    }

    /** Each class that the source model named, a label that it came with, and how often. */
    List<Integer> state() {
        List<Integer> all = new ArrayList<>();
        counts.forEach((pair, count) -> all.addAll(List.of(pair.source(), pair.label(), count)));
        return all;
    }

    void restore(List<Integer> state) {
        counts.clear();
        for (int i = 0; i < state.size(); i += 3) {
            counts.put(new Pair(state.get(i), state.get(i + 1)), state.get(i + 2));
        }
    }
}
