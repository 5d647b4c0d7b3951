package io.acclimate.adapt.settings;

/**
 * What the steps of one round train on.
 *
 * @param batchSize samples of one step
 * @param replaySteps steps on replayed target samples for each step on new ones
 * @param replayCapacity samples that a domain's replay buffer holds at most
 * @param replayBytes memory for the decoded samples of one domain's replay buffer
 * @param standInTries without a source set, changed target samples that are tried for each one that is wanted in place of a source
 *     sample; 0 for none
 */
public record StepSettings(int batchSize, int replaySteps, int replayCapacity, long replayBytes, int standInTries) {
    public StepSettings {
        AdaptSettings.range("batch size", batchSize, 1, 4096);
        AdaptSettings.range("replay steps", replaySteps, 0, 1000);
        AdaptSettings.range("replay capacity", replayCapacity, 1, 1 << 24);
        AdaptSettings.range("replay bytes", replayBytes, 1, 1L << 40);
        AdaptSettings.range("stand-in tries", standInTries, 0, 16);
    }

    public static StepSettings defaults() {
        return new StepSettings(32, 7, 8192, 256L << 20, 2);
    }

    public StepSettings withReplay(int steps, int capacity) {
        return new StepSettings(batchSize, steps, capacity, replayBytes, standInTries);
    }
}
