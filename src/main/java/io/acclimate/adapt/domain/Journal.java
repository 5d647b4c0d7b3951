package io.acclimate.adapt.domain;

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

    /** The number of rounds that the domain has had. */
    long generation() {
        return generation;
    }

    /** A round was trained on the mini-batch at {@code offset}. */
    void learnt(long offset) {
        generation++;
        since.add(offset);
    }

    /** A round trained nothing. */
    void unchanged() {
        generation++;
    }

    /** Asks for a snapshot as the next checkpoint. */
    void demand() {
        demanded = true;
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
