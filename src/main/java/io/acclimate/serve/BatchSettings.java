package io.acclimate.serve;

import io.acclimate.core.Setting;

/**
 * How many images are handled together.
 *
 * @param maxPollRecords images of one transaction at most
 * @param inferenceBatch rows of one session run at most
 */
public record BatchSettings(int maxPollRecords, int inferenceBatch) {
    public BatchSettings {
        Setting.inRange("max poll records", maxPollRecords, 1, 100_000);
        Setting.inRange("inference batch", inferenceBatch, 1, 4096);
    }

    public static BatchSettings defaults() {
        return new BatchSettings(1024, 64);
    }
}
