package io.acclimate.adapt.settings;

import io.acclimate.core.Setting;

/**
 * What the steps of one round train on.
 *
 * @param batchSize samples of one step
 * @param replaySteps steps on replayed target samples for each step on new ones
 * @param replayCapacity samples that a domain's replay buffer holds at most
 * @param replayBytes memory for the decoded samples of one domain's replay buffer
 */
public record StepSettings(int batchSize, int replaySteps, int replayCapacity, long replayBytes) {
    public StepSettings {
        Setting.inRange("batch size", batchSize, 1, 4096);
        Setting.inRange("replay steps", replaySteps, 0, 1000);
        Setting.inRange("replay capacity", replayCapacity, 1, 1 << 24);
        Setting.inRange("replay bytes", replayBytes, 1, 1L << 40);
    }

    public static StepSettings defaults() {
        return new StepSettings(32, 7, 8192, 256L << 20);
    }

    public StepSettings withReplay(int steps, int capacity) {
        return new StepSettings(batchSize, steps, capacity, replayBytes);
    }
}
