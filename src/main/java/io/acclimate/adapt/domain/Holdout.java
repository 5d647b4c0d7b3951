package io.acclimate.adapt.domain;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.repeats.SeenPictures;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AnswerSettings;
import io.acclimate.adapt.settings.EvaluationSettings;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.ModelInput;
import io.acclimate.core.VersionId;
import io.acclimate.wire.v1.Checkpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Samples that are set aside for the gate and never trained on. A hash of the image id chooses them, so that the choice does not depend
 * on their order: one in {@value #EARLY} until {@value #EARLY_SIZE} are held, since the gate needs evidence soon, then one in {@value
 * #LATE}, since a sample that is held cannot be trained on. An image that is held stays out of training however often it is labelled. A
 * picture that had a label before may have been trained on, so it is never held then, whatever its id is ({@link SeenPictures}).
 *
 * <p>A class that has twice its even share gets no more places, so that a flood of one class does not decide alone. When the holdout is
 * full, a new sample replaces the oldest of the largest class: the holdout stays balanced and follows the stream.
 *
 * <p>It may keep what the source model and the active version answered to its samples. Each was scored by both when it came, and running
 * both on all of them again was two thirds of a judgement. One thread.
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
    private final SeenPictures seen;
    /** The digests of the samples' pictures; empty where pictures are told apart by their ids. */
    private final Set<Long> pictures = new HashSet<>();

    private final Answered source;
    private final Answered active;

    /** A holdout that keeps its samples on the heap. */
    Holdout(int capacity) {
        this(capacity, Shelf.HEAP);
    }

    /** A holdout that keeps no answers. */
    Holdout(int capacity, Shelf shelf) {
        this(capacity, shelf, AnswerSettings.Asked.AGAIN);
    }

    /** A holdout that tells pictures apart by their ids. */
    Holdout(int capacity, Shelf shelf, AnswerSettings.Asked asked) {
        this(capacity, shelf, asked, SeenPictures.none());
    }

    Holdout(int capacity, Shelf shelf, AnswerSettings.Asked asked, SeenPictures seen) {
        this.capacity = capacity;
        this.shelf = shelf;
        this.seen = seen;
        boolean kept = asked == AnswerSettings.Asked.ONCE;
        this.source = new Answered(kept);
        this.active = new Answered(kept);
    }

    static Holdout of(EvaluationSettings settings, ModelInput input, Shelf shelf, ReplayBuffer replay) {
        return new Holdout(
                settings.holdoutCapacity(),
                shelf,
                settings.answers().asked(),
                new SeenPictures(settings.answers().repeats(), input, shelf, replay::hasPixels));
    }

    /** Whether a version has each sample right. */
    private static final class Answered {
        private final boolean kept;
        /** Of the first samples; of all of them, or they are not used. */
        private final List<Boolean> hits = new ArrayList<>();

        private long version = VersionId.SOURCE;

        Answered(boolean kept) {
            this.kept = kept;
        }

        /** @param before how many samples there were */
        void add(long by, boolean hit, int before) {
            if (before == 0 || by != version || hits.size() != before) {
                hits.clear();
                version = by;
            }
            if (kept && hits.size() == before) {
                hits.add(hit);
            }
        }

        void remove(int index) {
            if (index < hits.size()) {
                hits.remove(index);
            }
        }

        void set(long by, List<Boolean> all) {
            hits.clear();
            version = by;
            hits.addAll(kept ? all : List.of());
        }

        Optional<boolean[]> of(long asked, int samples) {
            return kept && asked == version && hits.size() == samples ? Optional.of(array(hits)) : Optional.empty();
        }
    }

    /**
     * What was offered and not set aside.
     *
     * @param firsts those of them whose picture had no label before
     * @param answers the active version's raw output for each sample, {@code [classes]}; empty where nobody is to use them again
     */
    record Others(List<ReplaySample> samples, List<ReplaySample> firsts, List<FloatTensor> answers) {
        static final Others NONE = new Others(List.of(), List.of(), List.of());

        Others {
            samples = List.copyOf(samples);
            firsts = List.copyOf(firsts);
            answers = List.copyOf(answers);
        }
    }

    /**
     * Sets some of the samples aside, and answers with the others.
     *
     * @param bySource what the source model predicts for them
     * @param byActive what the active version predicts for them
     * @param version that is active
     */
    Others without(
            List<ReplaySample> offered, BaseModel.Predicted bySource, BaseModel.Predicted byActive, long version) {
        List<ReplaySample> others = new ArrayList<>();
        List<ReplaySample> firsts = new ArrayList<>();
        List<FloatTensor> answers = new ArrayList<>();
        for (int i = 0; i < offered.size(); i++) {
            ReplaySample sample = offered.get(i);
            boolean hit = byActive.classes().get(i) == sample.classIndex();
            Fate fate = fate(sample, hit);
            switch (fate) {
                case HELD -> {
                    source.add(VersionId.SOURCE, bySource.classes().get(i) == sample.classIndex(), samples.size() - 1);
                    active.add(version, hit, samples.size() - 1);
                }
                case HELD_BEFORE -> {}
                case LEFT, LEFT_AGAIN -> {
                    others.add(sample);
                    if (fate == Fate.LEFT) {
                        firsts.add(sample);
                    }
                    if (active.kept) {
                        answers.add(byActive.scores().get(i));
                    }
                }
            }
        }
        return new Others(others, firsts, answers);
    }

    private enum Fate {
        HELD,
        HELD_BEFORE,
        LEFT,
        /** Its picture had a label before, and may have been trained on. */
        LEFT_AGAIN
    }

    /**
     * True when the sample is set aside, and must not be trained on.
     *
     * @param hit whether the active version, which was not trained on the sample, classifies it right
     */
    boolean takes(ReplaySample sample, boolean hit) {
        Fate fate = fate(sample, hit);
        return fate == Fate.HELD || fate == Fate.HELD_BEFORE;
    }

    private Fate fate(ReplaySample sample, boolean hit) {
        boolean again = seen.see(sample.pixels());
        if (holds(sample)) {
            return Fate.HELD_BEFORE;
        }
        if (again) {
            return Fate.LEFT_AGAIN;
        }
        int share = samples.size() < EARLY_SIZE ? EARLY : LATE;
        if (Math.floorMod(hash(sample.imageId()), share) != 0) {
            return Fate.LEFT;
        }
        if (hasMany(sample.classIndex())) {
            return Fate.LEFT;
        }
        if (samples.size() >= capacity) {
            evict();
        }
        append(sample, hit);
        return Fate.HELD;
    }

    /** True when the class has twice its even share already. */
    private boolean hasMany(int classIndex) {
        long own =
                samples.stream().filter(each -> each.classIndex() == classIndex).count();
        return own >= FEW && own * labelledClasses() >= 2L * samples.size();
    }

    /** True when the image of this id is held, or the same picture under another. */
    boolean holds(ReplaySample sample) {
        return ids.contains(sample.imageId())
                || pictures.contains(sample.pixels().digest());
    }

    /** The pictures that had a label. */
    SeenPictures seen() {
        return seen;
    }

    /** For each sample, whether it is the first of its picture; of all of them where that is not looked at. */
    boolean[] firsts(List<ReplaySample> offered) {
        return seen.firsts(offered.stream().map(ReplaySample::pixels).toList());
    }

    void clear() {
        restore(List.of(), List.of());
        seen.clear();
    }

    private void append(ReplaySample sample, boolean hit) {
        samples.add(sample.with(shelf.keep(sample.pixels())));
        best.add(hit);
        ids.add(sample.imageId());
        if (seen.areKept()) {
            pictures.add(sample.pixels().digest());
        }
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
                // A checkpoint of a build that told pictures apart by their ids may hold one twice.
                if (samples.stream()
                        .noneMatch(each ->
                                each.pixels().digest() == oldest.pixels().digest())) {
                    pictures.remove(oldest.pixels().digest());
                }
                best.remove(i);
                source.remove(i);
                active.remove(i);
                return;
            }
        }
    }

    private static long hash(ImageId id) {
        return SplitMix64.mix(id.fnv1a());
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
        return array(best);
    }

    private static boolean[] array(List<Boolean> list) {
        boolean[] hits = new boolean[list.size()];
        for (int i = 0; i < hits.length; i++) {
            hits[i] = list.get(i);
        }
        return hits;
    }

    private static List<Boolean> list(boolean[] array) {
        List<Boolean> hits = new ArrayList<>(array.length);
        for (boolean each : array) {
            hits.add(each);
        }
        return hits;
    }

    /** For each sample, whether the source model has it right; empty where it has to be asked. */
    Optional<boolean[]> ofSource() {
        return source.of(VersionId.SOURCE, samples.size());
    }

    /** The same of the active version. */
    Optional<boolean[]> ofActive(long version) {
        return active.of(version, samples.size());
    }

    /** Takes note of what the source model was found to have right. */
    void ofSource(boolean[] hits) {
        source.set(VersionId.SOURCE, list(hits));
    }

    /** Takes note of what the version that is or becomes active was found to have right. */
    void ofActive(long version, boolean[] hits) {
        active.set(version, list(hits));
    }

    /** Both models have to be asked again. */
    void forgetAnswers() {
        source.set(VersionId.SOURCE, List.of());
        active.set(VersionId.SOURCE, List.of());
    }

    /** Makes a version with these hits the best so far. */
    void setBest(boolean[] hits) {
        best.clear();
        best.addAll(list(hits));
    }

    /** With the samples and answers of a checkpoint, and the samples of its replay buffer. */
    void restore(List<ReplaySample> inOrder, Checkpoint checkpoint, List<ReplaySample> replayed) {
        restore(inOrder, checkpoint.getHoldoutBestList());
        restoreSeen(checkpoint, replayed);
        source.set(VersionId.SOURCE, checkpoint.getHoldoutSourceList());
        active.set(checkpoint.getActiveVersion(), checkpoint.getHoldoutActiveList());
    }

    /** The pictures of a checkpoint. */
    void restoreSeen(Checkpoint checkpoint, List<ReplaySample> replayed) {
        seen.restore(
                checkpoint,
                Stream.concat(samples.stream(), replayed.stream())
                        .map(ReplaySample::pixels)
                        .toList());
    }

    void save(Checkpoint.Builder checkpoint) {
        seen.save(checkpoint);
        checkpoint.addAllHoldoutBest(best);
        ofSource().ifPresent(hits -> checkpoint.addAllHoldoutSource(list(hits)));
        ofActive(checkpoint.getActiveVersion()).ifPresent(hits -> checkpoint.addAllHoldoutActive(list(hits)));
    }

    void restore(List<ReplaySample> inOrder, List<Boolean> hits) {
        forgetAnswers();
        List<ReplaySample> before = List.copyOf(samples);
        samples.clear();
        best.clear();
        ids.clear();
        pictures.clear();
        for (int i = 0; i < inOrder.size(); i++) {
            // A checkpoint of an older build has no hits.
            append(inOrder.get(i), i < hits.size() && hits.get(i));
        }
        before.forEach(each -> shelf.drop(each.pixels()));
    }
}
