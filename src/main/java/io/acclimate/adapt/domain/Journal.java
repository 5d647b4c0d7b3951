package io.acclimate.adapt.domain;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.versions.RemovedVersion;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what a domain's checkpoint contains. After a set number of rounds it is a snapshot: weights, average and optimiser state, which
 * is three times the trainable tensors or more. Between snapshots it is only the list of mini-batches since, and a fingerprint of the
 * state that training on them again must reach: a few hundred bytes, however large the model is. Rejected alternative: differences of
 * weights, since a step changes nearly every bit of them. One thread.
 */
final class Journal {
    private final int every;
    private final List<Long> since = new ArrayList<>();
    /** The effort of the round on each of these mini-batches. */
    private final List<Effort> efforts = new ArrayList<>();

    private long snapshot;
    /** The active version of the last snapshot. A restart needs its weights, even when other versions serve by then. */
    private long needed;

    private long generation;
    private boolean demanded;

    Journal(int every) {
        this.every = every;
    }

    /** Continues from {@code whole}, the last snapshot, whose number is {@code lastGeneration}. */
    void restore(Checkpoint whole, long lastGeneration) {
        restore(lastGeneration, lastGeneration);
        needed = whole.getActiveVersion();
    }

    void restore(long snapshotGeneration, long lastGeneration) {
        snapshot = snapshotGeneration;
        generation = lastGeneration;
        clear();
    }

    /** Continues after the rounds of {@code progress}. */
    void restore(Progress progress, long lastGeneration) {
        restore(progress.getSnapshot(), lastGeneration);
        for (int i = 0; i < progress.getMiniBatchesCount(); i++) {
            since.add(progress.getMiniBatches(i));
            efforts.add(effort(progress, i));
        }
    }

    /** The effort of the round on the mini-batch of this index. A progress without efforts is of rounds with full effort. */
    static Effort effort(Progress progress, int index) {
        return index < progress.getHalvingsCount() ? new Effort(progress.getHalvings(index)) : Effort.FULL;
    }

    private void clear() {
        since.clear();
        efforts.clear();
    }

    /** The number of rounds that the domain has had. */
    long generation() {
        return generation;
    }

    /** A round was trained on the mini-batch at {@code offset}. */
    void learnt(long offset, Effort effort) {
        generation++;
        since.add(offset);
        efforts.add(effort);
    }

    /** A round trained nothing. */
    void unchanged() {
        generation++;
    }

    /** Asks for a snapshot as the next checkpoint. */
    void demand() {
        demanded = true;
    }

    /**
     * The round that is written next removes these versions. Where the last snapshot needs one of them, the round has to write another
     * snapshot in the same transaction.
     */
    void removed(List<RemovedVersion> versions) {
        if (versions.stream().anyMatch(each -> each.number() == needed)) {
            demand();
        }
    }

    boolean isDue() {
        return demanded || since.size() >= every;
    }

    /** True when a restart would have to repeat rounds. */
    boolean isBehind() {
        return !since.isEmpty();
    }

    Round.Saved.Snapshot snapshot(Checkpoint whole) {
        snapshot = generation;
        needed = whole.getActiveVersion();
        clear();
        demanded = false;
        return new Round.Saved.Snapshot(whole, generation);
    }

    Round.Saved.Since since(Checkpoint reached, long fingerprint) {
        Progress.Builder progress = Progress.newBuilder()
                .setSnapshot(snapshot)
                .addAllMiniBatches(since)
                .setReached(reached)
                .setFingerprint(fingerprint);
        if (!efforts.stream().allMatch(Effort::isFull)) {
            efforts.forEach(each -> progress.addHalvings(each.halvings()));
        }
        return new Round.Saved.Since(progress.build(), generation);
    }
}
