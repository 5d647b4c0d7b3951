package io.acclimate.gate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** The last scored samples, and how far a model is ahead of the source model on them, each class weighing the same. */
final class RecentScores {
    /** Samples whose order is looked at. */
    private static final int ORDER = 32;

    private static final int ORDER_AT_LEAST = 16;

    /** Samples of a turn, and one look at its length after the other. */
    private static final int TURN_FROM = 64;

    private static final int TURN_TO = 256;
    private static final int TURN_STEP = 32;
    /** Of the fall in the lead, in standard errors: so that a stream of millions of labels has none by chance. */
    private static final double TURN_Z = 6;

    private final int capacity;
    private final Deque<Ahead> samples = new ArrayDeque<>();

    RecentScores(int capacity) {
        this.capacity = capacity;
    }

    /** A sample by its class, and how far candidate and active version are ahead on it. */
    record Ahead(int label, int candidate, int active) {
        private static final int STATES = 9;

        int packed() {
            return label * STATES + (candidate + 1) * 3 + active + 1;
        }

        static Ahead unpacked(int value) {
            return new Ahead(value / STATES, value % STATES / 3 - 1, value % 3 - 1);
        }
    }

    /**
     * How far ahead of the source model.
     *
     * @param mean of the classes' means; NaN without samples
     * @param error its standard error
     */
    record Lead(double mean, double error, int samples) {}

    void add(Scored sample) {
        samples.addLast(new Ahead(sample.label(), sample.candidateAhead(), sample.activeAhead()));
        if (samples.size() > capacity) {
            samples.removeFirst();
        }
    }

    int size() {
        return samples.size();
    }

    void clear() {
        samples.clear();
    }

    Lead candidate(int last) {
        return lead(last, Ahead::candidate);
    }

    Lead active(int last) {
        return lead(last, Ahead::active);
    }

    /**
     * A lead that was lost at once.
     *
     * @param before on the samples before it
     * @param after on the samples since
     */
    record Turn(Lead before, Lead after) {
        boolean isBehind() {
            double fallen = before.mean() - after.mean();
            return after.mean() + after.error() < 0 && fallen > TURN_Z * Math.hypot(before.error(), after.error());
        }
    }

    /**
     * Where the active version has fallen behind the source model, of which it was ahead before, by more than chance does.
     * A slow loss, or one of a lead that was small, is none.
     *
     * @param classes that must have two samples since
     */
    Optional<Turn> turn(int classes) {
        List<Ahead> all = new ArrayList<>(samples);
        for (int since = TURN_FROM; since <= Math.min(TURN_TO, all.size() - TURN_FROM); since += TURN_STEP) {
            int at = all.size() - since;
            Turn turn =
                    new Turn(lead(all.subList(0, at), Ahead::active), lead(all.subList(at, all.size()), Ahead::active));
            if (turn.isBehind() && classes(since, 2) >= classes) {
                return Optional.of(turn);
            }
        }
        return Optional.empty();
    }

    private Lead lead(int last, ToIntFunction<Ahead> ahead) {
        List<Ahead> recent = new ArrayList<>(samples);
        return lead(recent.subList(Math.max(0, recent.size() - last), recent.size()), ahead);
    }

    private static Lead lead(List<Ahead> taken, ToIntFunction<Ahead> ahead) {
        Map<Integer, int[]> byClass = new TreeMap<>();
        for (Ahead each : taken) {
            int[] sums = byClass.computeIfAbsent(each.label(), label -> new int[3]);
            int value = ahead.applyAsInt(each);
            sums[0]++;
            sums[1] += value;
            sums[2] += value * value;
        }
        double mean = 0;
        double variance = 0;
        for (int[] sums : byClass.values()) {
            double own = sums[1] / (double) sums[0];
            mean += own;
            variance += (sums[2] / (double) sums[0] - own * own + 1.0 / sums[0]) / sums[0];
        }
        int classes = byClass.size();
        return classes == 0
                ? new Lead(Double.NaN, Double.NaN, 0)
                : new Lead(mean / classes, Math.sqrt(variance) / classes, taken.size());
    }

    /** False when there are too few samples to tell in which order labels come. */
    boolean showsOrder() {
        return samples.size() >= ORDER_AT_LEAST;
    }

    /**
     * True when labels come sorted by class: when, of the last {@value #ORDER} samples, many more have the class of the sample before
     * them than they would in random order. That is a share above the middle of 1 and Σp², with each class's share p of all samples
     * kept. Samples of a single class count as sorted.
     */
    boolean sorted() {
        int from = Math.max(0, samples.size() - ORDER);
        if (!showsOrder()) {
            return false;
        }
        Map<Integer, Integer> counts = new TreeMap<>();
        int index = 0;
        int repeats = 0;
        int before = -1;
        for (Ahead each : samples) {
            counts.merge(each.label(), 1, Integer::sum);
            repeats += index > from && each.label() == before ? 1 : 0;
            before = each.label();
            index++;
        }
        double random = 0;
        for (int count : counts.values()) {
            random += count * (double) count / samples.size() / samples.size();
        }
        return repeats >= (1 + random) / 2 * (samples.size() - from - 1);
    }

    /** How many classes have at least so many of the last samples. */
    int classes(int last, int atLeast) {
        Map<Integer, Integer> counts = new TreeMap<>();
        samples.stream()
                .skip(Math.max(0, samples.size() - last))
                .forEach(each -> counts.merge(each.label(), 1, Integer::sum));
        return (int) counts.values().stream().filter(count -> count >= atLeast).count();
    }

    List<Integer> packed() {
        return samples.stream().map(Ahead::packed).toList();
    }

    void restore(List<Integer> packed) {
        samples.clear();
        packed.forEach(value -> samples.addLast(Ahead.unpacked(value)));
    }
}
