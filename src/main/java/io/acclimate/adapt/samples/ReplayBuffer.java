package io.acclimate.adapt.samples;

import io.acclimate.adapt.drift.DriftDetector;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.DriftSettings;
import io.acclimate.core.ClassNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Class-balancing reservoir of trained samples after Chrysakis and Moens, <i>Online Continual Learning from Imbalanced Data</i>, ICML
 * 2020, algorithm 1 (CBRS). Everything enters until the buffer is full. From then on, a sample of a class that has fewer places than
 * the largest replaces a random sample of the largest class, the one with the lowest index among equals. A sample of a class of the
 * largest size replaces a random one of its own class with probability (places of the class / samples seen of the class).
 *
 * <p>Variant: CBRS never again gives new places to a class that was the largest once; here only the present sizes count. A class that
 * was the largest at first, and lost places to the others, may therefore win some back, and the sizes stay closer to each other. It also
 * needs no flag for each class in a checkpoint. The price is that the samples of such a class are no exact reservoir of what was seen.
 *
 * <p>Drawing is with replacement, and each class that is kept is as likely as any other, so that labels that come sorted by class are learnt as
 * well as others ({@code findings/decisions/drift.md}). A class with one sample is trained on it as often as a class with many. After a change
 * of the domain ({@link DriftDetector}), samples from before it are replaced first, and drawn less often if the settings say so. Cost: O(places
 * of the class) for each sample. One thread.
 */
public final class ReplayBuffer {
    /** After a change, a sample from before it is looked for so many times before another one is replaced. */
    private static final int TRIES = 3;

    private final int capacity;
    private final Shelf shelf;
    private final DriftDetector drift;
    private final List<ReplaySample> samples = new ArrayList<>();
    private final SortedMap<Integer, List<Integer>> placesByClass = new TreeMap<>();
    private final SortedMap<Integer, Long> seen = new TreeMap<>();
    /** How many samples have a row of each hash. */
    private final Map<Integer, Integer> rows = new HashMap<>();

    /** A buffer that keeps its samples on the heap. */
    public ReplayBuffer(int capacity) {
        this(
                capacity,
                Shelf.HEAP,
                new DriftDetector(
                        DriftSettings.defaults().withUse(DriftSettings.Use.IGNORE), new ClassNames(List.of("any"))));
    }

    /**
     * A buffer of a domain.
     *
     * @param drift says which samples are from before the domain changed: they are drawn less often, and replaced first
     */
    public ReplayBuffer(int capacity, Shelf shelf, DriftDetector drift) {
        if (capacity < 1) {
            throw new IllegalArgumentException("the replay buffer holds at least 1 sample, got " + capacity);
        }
        this.capacity = capacity;
        this.shelf = shelf;
        this.drift = drift;
    }

    public void add(ReplaySample sample, SplitMix64 random) {
        seen.merge(sample.classIndex(), 1L, Long::sum);
        if (samples.size() < capacity) {
            append(sample);
            return;
        }
        List<Integer> own = placesByClass.getOrDefault(sample.classIndex(), List.of());
        int largest = largestClass();
        if (own.size() < size(largest)) {
            List<Integer> places = placesByClass.getOrDefault(largest, List.of());
            replace(placeToReplace(places, random), sample);
        } else if (random.chance(own.size(), seen.getOrDefault(sample.classIndex(), 1L))) {
            replace(placeToReplace(own, random), sample);
        }
    }

    /** Samples drawn with replacement: a class uniformly, then one of its samples. */
    public List<ReplaySample> draw(int count, SplitMix64 random) {
        List<List<Integer>> classes = placesByClass.values().stream()
                .filter(places -> !places.isEmpty())
                .toList();
        List<ReplaySample> drawn = new ArrayList<>(count);
        for (int i = 0; i < count && !classes.isEmpty(); i++) {
            List<Integer> places = classes.get(random.below(classes.size()));
            drawn.add(samples.get(placeToDraw(places, random)));
        }
        return drawn;
    }

    private int placeToDraw(List<Integer> places, SplitMix64 random) {
        int place = places.get(random.below(places.size()));
        for (int i = 0;
                i < drift.redraws() && drift.isOutdated(samples.get(place).offset());
                i++) {
            place = places.get(random.below(places.size()));
        }
        return place;
    }

    private int placeToReplace(List<Integer> places, SplitMix64 random) {
        int place = places.get(random.below(places.size()));
        for (int i = 0;
                drift.isFollowed()
                        && i < TRIES
                        && !drift.isOutdated(samples.get(place).offset());
                i++) {
            place = places.get(random.below(places.size()));
        }
        return place;
    }

    private void append(ReplaySample sample) {
        placesByClass
                .computeIfAbsent(sample.classIndex(), c -> new ArrayList<>())
                .add(samples.size());
        samples.add(sample.with(shelf.keep(sample.pixels())));
        rows.merge(sample.pixels().hash(), 1, Integer::sum);
    }

    /** True when the same pixels were trained on and are still kept, under whatever id. */
    public boolean hasPixelsOf(ReplaySample sample) {
        return hasPixels(sample.pixels());
    }

    /** True when these pixels were trained on and are still kept. */
    public boolean hasPixels(Pixels pixels) {
        return rows.containsKey(pixels.hash());
    }

    public void clear() {
        restore(List.of(), Map.of());
    }

    private void replace(int place, ReplaySample sample) {
        ReplaySample old = samples.set(place, sample.with(shelf.keep(sample.pixels())));
        shelf.drop(old.pixels());
        rows.computeIfPresent(old.pixels().hash(), (hash, count) -> count == 1 ? null : count - 1);
        rows.merge(sample.pixels().hash(), 1, Integer::sum);
        placesByClass.getOrDefault(old.classIndex(), new ArrayList<>()).remove(Integer.valueOf(place));
        placesByClass
                .computeIfAbsent(sample.classIndex(), c -> new ArrayList<>())
                .add(place);
        // A restore lists the places in ascending order, and what is drawn next must not depend on a restart.
        placesByClass.getOrDefault(sample.classIndex(), new ArrayList<>()).sort(null);
    }

    private int largestClass() {
        int largest = placesByClass.firstKey();
        for (int each : placesByClass.keySet()) {
            largest = size(each) > size(largest) ? each : largest;
        }
        return largest;
    }

    private int size(int classIndex) {
        return placesByClass.getOrDefault(classIndex, List.of()).size();
    }

    /** In the order of their places, which a restore must keep. */
    public List<ReplaySample> samples() {
        return samples;
    }

    /** Says which samples are from before the domain changed. */
    public DriftDetector drift() {
        return drift;
    }

    public Map<Integer, Long> seen() {
        return seen;
    }

    public void restore(List<ReplaySample> inOrder, Map<Integer, Long> seenByClass) {
        List<ReplaySample> before = List.copyOf(samples);
        samples.clear();
        placesByClass.clear();
        seen.clear();
        rows.clear();
        inOrder.forEach(this::append);
        before.forEach(each -> shelf.drop(each.pixels()));
        seen.putAll(seenByClass);
    }
}
