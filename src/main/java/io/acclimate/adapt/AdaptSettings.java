package io.acclimate.adapt;

import io.acclimate.gate.GateSettings;
import io.acclimate.train.TrainSettings;
import io.acclimate.wire.WireFormat;

/**
 * How the worker adapts.
 *
 * @param group consumer group; all instances of a service share it
 * @param instance names this instance's clients
 * @param replaySteps steps on replayed target samples for each step on new ones
 * @param batchSize samples of one step
 * @param replayCapacity samples that a domain's replay buffer holds at most
 * @param replayBytes memory for the decoded samples of one domain's replay buffer
 * @param holdoutCapacity samples of a domain's holdout at most
 * @param resetAfterRejects rejected candidates in a row after which training starts again from the active version
 * @param sourceCheck source samples that are kept from training and asked for what the model forgets
 * @param snapshotEvery rounds from one whole checkpoint to the next; a restart trains the rounds since again
 * @param seed of all random choices
 * @param events how adaptation events are written
 */
public record AdaptSettings(
        String group,
        String instance,
        TrainSettings train,
        GateSettings gate,
        int replaySteps,
        int batchSize,
        int replayCapacity,
        long replayBytes,
        int holdoutCapacity,
        int resetAfterRejects,
        int sourceCheck,
        int snapshotEvery,
        long seed,
        WireFormat events) {
    public AdaptSettings {
        if (group.isBlank() || instance.isBlank()) {
            throw new IllegalArgumentException("group and instance must not be blank");
        }
        range("replay steps", replaySteps, 0, 1000);
        range("batch size", batchSize, 1, 4096);
        range("replay capacity", replayCapacity, 1, 1 << 24);
        range("replay bytes", replayBytes, 1, 1L << 40);
        range("holdout capacity", holdoutCapacity, 16, 1 << 20);
        range("rejects before a reset", resetAfterRejects, 1, Integer.MAX_VALUE);
        range("source check", sourceCheck, 0, 1 << 16);
        range("snapshot every", snapshotEvery, 1, 1 << 16);
    }

    private static void range(String what, long value, long low, long high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(what + " must be " + low + " to " + high + ", got " + value);
        }
    }

    public static AdaptSettings defaults() {
        return new AdaptSettings(
                "acclimate-adapt",
                "0",
                TrainSettings.defaults()
                        .withOptimizer(TrainSettings.OptimizerKind.SGD, 0.01, 0.9, 1e-4)
                        .withClip(5)
                        .withAverageDecay(0.995),
                GateSettings.defaults(),
                7,
                32,
                8192,
                256L << 20,
                256,
                16,
                256,
                8,
                1,
                WireFormat.JSON);
    }

    public AdaptSettings withGroup(String newGroup, String newInstance) {
        return new AdaptSettings(
                newGroup,
                newInstance,
                train,
                gate,
                replaySteps,
                batchSize,
                replayCapacity,
                replayBytes,
                holdoutCapacity,
                resetAfterRejects,
                sourceCheck,
                snapshotEvery,
                seed,
                events);
    }

    public AdaptSettings withTrain(TrainSettings newTrain) {
        return new AdaptSettings(
                group,
                instance,
                newTrain,
                gate,
                replaySteps,
                batchSize,
                replayCapacity,
                replayBytes,
                holdoutCapacity,
                resetAfterRejects,
                sourceCheck,
                snapshotEvery,
                seed,
                events);
    }

    public AdaptSettings withGate(GateSettings newGate) {
        return new AdaptSettings(
                group,
                instance,
                train,
                newGate,
                replaySteps,
                batchSize,
                replayCapacity,
                replayBytes,
                holdoutCapacity,
                resetAfterRejects,
                sourceCheck,
                snapshotEvery,
                seed,
                events);
    }

    public AdaptSettings withReplay(int steps, int capacity) {
        return new AdaptSettings(
                group,
                instance,
                train,
                gate,
                steps,
                batchSize,
                capacity,
                replayBytes,
                holdoutCapacity,
                resetAfterRejects,
                sourceCheck,
                snapshotEvery,
                seed,
                events);
    }

    public AdaptSettings withSeed(long newSeed) {
        return new AdaptSettings(
                group,
                instance,
                train,
                gate,
                replaySteps,
                batchSize,
                replayCapacity,
                replayBytes,
                holdoutCapacity,
                resetAfterRejects,
                sourceCheck,
                snapshotEvery,
                newSeed,
                events);
    }

    public AdaptSettings withSnapshotEvery(int rounds) {
        return new AdaptSettings(
                group,
                instance,
                train,
                gate,
                replaySteps,
                batchSize,
                replayCapacity,
                replayBytes,
                holdoutCapacity,
                resetAfterRejects,
                sourceCheck,
                rounds,
                seed,
                events);
    }

    public AdaptSettings withEvents(WireFormat format) {
        return new AdaptSettings(
                group,
                instance,
                train,
                gate,
                replaySteps,
                batchSize,
                replayCapacity,
                replayBytes,
                holdoutCapacity,
                resetAfterRejects,
                sourceCheck,
                snapshotEvery,
                seed,
                format);
    }
}
