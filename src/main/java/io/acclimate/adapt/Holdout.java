package io.acclimate.adapt;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Samples set aside for the gate and never trained on. A hash of the image id decides, so that it does not depend on order: one
 * in {@value #EARLY} until {@value #EARLY_SIZE} are held, since the gate needs evidence soon, then one in {@value #LATE}, since
 * every sample held is a sample not learnt. An image that is held stays out of training however often its label comes. When
 * full, the oldest of the largest class goes, so that the holdout stays balanced and follows the stream. One thread.
 */
final class Holdout {
    private static final int EARLY = 8;
    private static final int EARLY_SIZE = 64;
    private static final int LATE = 32;

    private final int capacity;
    private final List<Sample> samples = new ArrayList<>();
    private final Set<ImageId> ids = new HashSet<>();

    Holdout(int capacity) {
        this.capacity = capacity;
    }

    /** True when the sample is set aside: it must not be trained on. */
    boolean takes(Sample sample) {
        if (ids.contains(sample.imageId())) {
            return true;
        }
        int share = samples.size() < EARLY_SIZE ? EARLY : LATE;
        if (Math.floorMod(hash(sample.imageId()), share) != 0) {
            return false;
        }
        if (samples.size() >= capacity) {
            evict();
        }
        append(sample);
        return true;
    }

    private void append(Sample sample) {
        samples.add(sample);
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
                ids.remove(samples.remove(i).imageId());
                return;
            }
        }
    }

    private static long hash(ImageId id) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : id.value().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        }
        return Random.mix(hash);
    }

    /** Oldest first. */
    List<Sample> samples() {
        return samples;
    }

    int size() {
        return samples.size();
    }

    int labelledClasses() {
        return (int) samples.stream().mapToInt(Sample::classIndex).distinct().count();
    }

    FloatTensor rows() {
        return FloatTensor.stack(samples.stream().map(Sample::row).toList());
    }

    void restore(List<Sample> inOrder) {
        samples.clear();
        ids.clear();
        inOrder.forEach(this::append);
    }
}
