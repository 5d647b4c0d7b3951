package io.acclimate.adapt.domain;

import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * What a domain's checkpoint holds. Every so many rounds it is a snapshot: weights, average and optimiser, three times the trainable
 * tensors or more. In between it is only which mini-batches were learnt from since, and what training on them again must arrive at:
 * less than 1 kB for a model of ten classes, however many weights it has. Rejected alternative: differences of weights, which change in every bit. One thread.
 */
final class Journal {
    private final int every;
    private final List<Long> since = new ArrayList<>();
    private long snapshot;
    private long generation;
    private boolean demanded;

    Journal(int every) {
        this.every = every;
    }

    void restore(long snapshotGeneration, long lastGeneration, List<Long> offsets) {
        snapshot = snapshotGeneration;
        generation = lastGeneration;
        since.clear();
        since.addAll(offsets);
    }

    /** Counts the rounds of a domain's life. */
    long generation() {
        return generation;
    }

    /** A round on the mini-batch at {@code offset}. */
    void learnt(long offset) {
        generation++;
        since.add(offset);
    }

    /** A round that changed nothing. */
    void unchanged() {
        generation++;
    }

    /** The next checkpoint must be a snapshot. */
    void demand() {
        demanded = true;
    }

    boolean isDue() {
        return demanded || since.size() >= every;
    }

    /** True when a restart would have to train. */
    boolean isBehind() {
        return !since.isEmpty();
    }

    Round.Saved.Snapshot snapshot(Checkpoint whole) {
        snapshot = generation;
        since.clear();
        demanded = false;
        return new Round.Saved.Snapshot(whole, generation);
    }

    Round.Saved.Since since(Checkpoint reached, long fingerprint) {
        return new Round.Saved.Since(
                Progress.newBuilder()
                        .setSnapshot(snapshot)
                        .addAllMiniBatches(since)
                        .setReached(reached)
                        .setFingerprint(fingerprint)
                        .build(),
                generation);
    }
}
