package io.acclimate.adapt.domain;

import io.acclimate.gate.GateSettings;
import io.acclimate.train.TrainSettings;
import io.acclimate.wire.Encoding;
import java.util.function.Consumer;

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
 * @param sourceCheck source samples that are kept from training and show what the model forgets
 * @param snapshotEvery rounds from one whole checkpoint to the next; a restart repeats the rounds since then
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
        Encoding events) {
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
        return new Draft().settings();
    }

    public AdaptSettings withGroup(String name, String instanceName) {
        return with(to -> {
            to.group = name;
            to.instance = instanceName;
        });
    }

    public AdaptSettings withTrain(TrainSettings settings) {
        return with(to -> to.train = settings);
    }

    public AdaptSettings withGate(GateSettings settings) {
        return with(to -> to.gate = settings);
    }

    public AdaptSettings withReplay(int steps, int capacity) {
        return with(to -> {
            to.replaySteps = steps;
            to.replayCapacity = capacity;
        });
    }

    public AdaptSettings withSeed(long number) {
        return with(to -> to.seed = number);
    }

    public AdaptSettings withEvents(Encoding encoding) {
        return with(to -> to.events = encoding);
    }

    public AdaptSettings withSnapshotEvery(int rounds) {
        return with(to -> to.snapshotEvery = rounds);
    }

    private AdaptSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** Every setting by its name, at first the default one, so that a change names only what it changes. */
    private static final class Draft {
        private String group = "acclimate-adapt";
        private String instance = "0";
        private TrainSettings train = TrainSettings.defaults()
                .withOptimizer(TrainSettings.OptimizerKind.SGD, 0.01, 0.9, 1e-4)
                .withClip(5)
                .withAverageDecay(0.995);
        private GateSettings gate = GateSettings.defaults();
        private int replaySteps = 7;
        private int batchSize = 32;
        private int replayCapacity = 8192;
        private long replayBytes = 256L << 20;
        private int holdoutCapacity = 256;
        private int resetAfterRejects = 16;
        private int sourceCheck = 256;
        private int snapshotEvery = 8;
        private long seed = 1;
        private Encoding events = Encoding.JSON;

        private Draft() {}

        private Draft(AdaptSettings from) {
            group = from.group;
            instance = from.instance;
            train = from.train;
            gate = from.gate;
            replaySteps = from.replaySteps;
            batchSize = from.batchSize;
            replayCapacity = from.replayCapacity;
            replayBytes = from.replayBytes;
            holdoutCapacity = from.holdoutCapacity;
            resetAfterRejects = from.resetAfterRejects;
            sourceCheck = from.sourceCheck;
            snapshotEvery = from.snapshotEvery;
            seed = from.seed;
            events = from.events;
        }

        private AdaptSettings settings() {
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
                    events);
        }
    }
}
