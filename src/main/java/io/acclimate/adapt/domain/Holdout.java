package io.acclimate.adapt.domain;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.core.ImageId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Samples that are set aside for the gate and never trained on. A hash of the image id chooses them, so that the choice does not depend
 * on their order: one in {@value #EARLY} until {@value #EARLY_SIZE} are held, since the gate needs evidence soon, then one in {@value
 * #LATE}, since a sample that is held cannot be trained on. An image that is held stays out of training however often it is labelled.
 *
 * <p>A class that has twice its even share gets no more places, so that a flood of one class does not decide alone. When the holdout is
 * full, a new sample replaces the oldest of the largest class: the holdout stays balanced and follows the stream. One thread.
 */
final class Holdout {
    private static final int EARLY = 8;
    private static final int EARLY_SIZE = 64;
    private static final int LATE = 32;
    private static final int FEW = 8;

    private final int capacity;
    private final Shelf shelf;
    private final List<ReplaySample> samples = new ArrayList<>();
    /** For each sample, whether the best version so far classifies it right. */
    private final List<Boolean> best = new ArrayList<>();

    private final Set<ImageId> ids = new HashSet<>();

    /** A holdout that keeps its samples on the heap. */
    Holdout(int capacity) {
        this(capacity, Shelf.HEAP);
    }

    Holdout(int capacity, Shelf shelf) {
        this.capacity = capacity;
        this.shelf = shelf;
    }

    /**
     * Sets some of the samples aside, and answers with the others.
     *
     * @param active what the active version predicts for them
     */
    List<ReplaySample> without(List<ReplaySample> offered, BaseModel.Predicted active) {
        List<ReplaySample> others = new ArrayList<>();
        for (int i = 0; i < offered.size(); i++) {
            ReplaySample sample = offered.get(i);
            if (!takes(sample, active.classes().get(i) == sample.classIndex())) {
                others.add(sample);
            }
        }
        return others;
    }

    /**
     * True when the sample is set aside, and must not be trained on.
     *
     * @param hit whether the active version, which was not trained on the sample, classifies it right
     */
    boolean takes(ReplaySample sample, boolean hit) {
        if (ids.contains(sample.imageId())) {
            return true;
        }
        int share = samples.size() < EARLY_SIZE ? EARLY : LATE;
        if (Math.floorMod(hash(sample.imageId()), share) != 0) {
            return false;
        }
        if (hasMany(sample.classIndex())) {
            return false;
        }
        if (samples.size() >= capacity) {
            evict();
        }
        append(sample, hit);
        return true;
    }

    /** True when the class has twice its even share already. */
    private boolean hasMany(int classIndex) {
        long own =
                samples.stream().filter(each -> each.classIndex() == classIndex).count();
        return own >= FEW && own * labelledClasses() >= 2L * samples.size();
    }

    boolean holds(ImageId id) {
        return ids.contains(id);
    }

    void clear() {
        restore(List.of(), List.of());
    }

    private void append(ReplaySample sample, boolean hit) {
        samples.add(sample.with(shelf.keep(sample.pixels())));
        best.add(hit);
        ids.add(sample.imageId());
    }

    private void evict() {
        SortedMap<Integer, Integer> counts = new TreeMap<>();
        samples.forEach(each -> counts.merge(each.classIndex(), 1, Integer::sum));
        int largest = counts.firstKey();
        for (int each : counts.keySet()) {
            largest = counts.getOrDefault(each, 0) > counts.getOrDefault(largest, 0) ? each : largest;
        }
        for (int i = 0; i < samples.size(); i++) {
            if (samples.get(i).classIndex() == largest) {
                ReplaySample oldest = samples.remove(i);
                shelf.drop(oldest.pixels());
                ids.remove(oldest.imageId());
                best.remove(i);
                return;
            }
        }
    }

    private static long hash(ImageId id) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : id.value().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        }
        return SplitMix64.mix(hash);
    }

    /** Oldest first. */
    List<ReplaySample> samples() {
        return samples;
    }

    int size() {
        return samples.size();
    }

    int labelledClasses() {
        return (int)
                samples.stream().mapToInt(ReplaySample::classIndex).distinct().count();
    }

    boolean[] best() {
        boolean[] hits = new boolean[best.size()];
        for (int i = 0; i < hits.length; i++) {
            hits[i] = best.get(i);
        }
        return hits;
    }

    /** Makes a version with these hits the best so far. */
    void setBest(boolean[] hits) {
        best.clear();
        for (boolean hit : hits) {
            best.add(hit);
        }
    }

    void restore(List<ReplaySample> inOrder, List<Boolean> hits) {
        List<ReplaySample> before = List.copyOf(samples);
        samples.clear();
        best.clear();
        ids.clear();
        for (int i = 0; i < inOrder.size(); i++) {
            // A checkpoint of an older build has no hits.
            append(inOrder.get(i), i < hits.size() && hits.get(i));
        }
        before.forEach(each -> shelf.drop(each.pixels()));
    }
}
