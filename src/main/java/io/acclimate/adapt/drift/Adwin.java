package io.acclimate.adapt.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The adaptive window of Bifet and Gavaldà, <i>Learning from Time-Changing Data with Adaptive Windowing</i>, SDM 2007 (ADWIN2), over hits
 * and misses. The window grows while its mean stays the same. It is cut where the mean of what came after differs from the mean of
 * what came before by more than chance allows, and by most:
 *
 * <pre>ε = √(2/m · v · ln(2/δ')) + 2/(3m) · ln(2/δ'),   1/m = 1/n₀ + 1/n₁,   δ' = δ / ln n,   v the variance of the window</pre>
 *
 * <p>Variants: the paper drops the oldest bucket as long as any cut is too different, which is the same for the mean, and dates the change
 * worse. Only more misses are a change. While a domain is learnt its misses become fewer, and that cuts the window without being told. A
 * miss is 1 and a hit is 0, so sums are whole numbers and the variance follows from the mean: nothing is rounded, and the same hits give
 * the same cuts everywhere. Each bucket remembers the mini-batch that its first sample came from, which dates the change.
 *
 * <p>The window is an exponential histogram: at most {@value #OF_ONE_SIZE} buckets of each power of two. Memory and the cost of a test are
 * O(log n). It fails to see changes that are slower than the window forgets, and changes that leave the number of misses as it was. One
 * thread.
 */
final class Adwin {
    private static final int OF_ONE_SIZE = 5;
    /** Both sides of a cut have as many samples at least. */
    private static final int FEWEST = 16;

    private final double delta;
    /** Oldest first; sizes are powers of two and never grow towards the newer ones. */
    private final List<Bucket> buckets = new ArrayList<>();

    /**
     * Samples in a row.
     *
     * @param place of the mini-batch that the first of them came from
     */
    record Bucket(int size, int misses, long place) {}

    /** @param delta the probability that a test finds a change that is none */
    Adwin(double delta) {
        this.delta = delta;
    }

    void see(boolean hit, long place) {
        buckets.add(new Bucket(1, hit ? 0 : 1, place));
        int size = 1;
        int end = buckets.size();
        while (true) {
            int begin = end;
            while (begin > 0 && buckets.get(begin - 1).size() == size) {
                begin--;
            }
            if (end - begin <= OF_ONE_SIZE) {
                return;
            }
            Bucket older = buckets.get(begin);
            Bucket newer = buckets.remove(begin + 1);
            buckets.set(begin, new Bucket(2 * size, older.misses() + newer.misses(), older.place()));
            end = begin + 1;
            size *= 2;
        }
    }

    /** Samples in a row and their misses. */
    record Side(int samples, int misses) {
        static Side of(List<Bucket> some) {
            return new Side(
                    some.stream().mapToInt(Bucket::size).sum(),
                    some.stream().mapToInt(Bucket::misses).sum());
        }

        double accuracy() {
            return 1 - misses / (double) Math.max(1, samples);
        }
    }

    /**
     * A point from which on misses became more.
     *
     * @param place of the first sample after it
     */
    record Cut(long place, Side before, Side after) {}

    /** Cuts the window where its mean has changed. Answers with the last cut after which misses became more; empty when there is none. */
    Optional<Cut> cut() {
        Optional<Cut> worse = Optional.empty();
        int point = cutPoint();
        while (point > 0) {
            Side before = Side.of(buckets.subList(0, point));
            Side after = Side.of(buckets.subList(point, buckets.size()));
            if (after.accuracy() < before.accuracy()) {
                worse = Optional.of(new Cut(buckets.get(point).place(), before, after));
            }
            buckets.subList(0, point).clear();
            point = cutPoint();
        }
        return worse;
    }

    /** How many of the oldest buckets are of another mean than the others; 0 when none are. */
    private int cutPoint() {
        Side all = Side.of(buckets);
        int samples = all.samples();
        int misses = all.misses();
        double mean = misses / (double) Math.max(1, samples);
        double confidence = StrictMath.log(2 * StrictMath.log(Math.max(3, samples)) / delta);
        int before = 0;
        int missesBefore = 0;
        int best = 0;
        double most = 1;
        for (int i = 0; i < buckets.size(); i++) {
            int after = samples - before;
            if (before >= FEWEST && after >= FEWEST) {
                double inverse = 1.0 / before + 1.0 / after;
                double bound =
                        StrictMath.sqrt(2 * inverse * mean * (1 - mean) * confidence) + 2.0 / 3 * inverse * confidence;
                double difference = (misses - missesBefore) / (double) after - missesBefore / (double) before;
                if (Math.abs(difference) > most * bound) {
                    most = Math.abs(difference) / bound;
                    best = i;
                }
            }
            before += buckets.get(i).size();
            missesBefore += buckets.get(i).misses();
        }
        return best;
    }

    int samples() {
        return Side.of(buckets).samples();
    }

    /** Forgets all samples. */
    void clear() {
        buckets.clear();
    }

    List<Bucket> buckets() {
        return List.copyOf(buckets);
    }

    void restore(List<Bucket> saved) {
        buckets.clear();
        buckets.addAll(saved);
    }
}
