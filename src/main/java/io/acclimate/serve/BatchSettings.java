package io.acclimate.serve;

/**
 * How many images are handled together.
 *
 * @param maxPollRecords images of one transaction at most
 * @param inferenceBatch rows of one session run at most
 */
public record BatchSettings(int maxPollRecords, int inferenceBatch) {
    public BatchSettings {
        ServeSettings.within("max poll records", maxPollRecords, 1, 100_000);
        ServeSettings.within("inference batch", inferenceBatch, 1, 4096);
    }

    public static BatchSettings defaults() {
        return new BatchSettings(1024, 64);
    }
}
