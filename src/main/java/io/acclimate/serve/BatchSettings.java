package io.acclimate.serve;

import io.acclimate.core.ModelInput;
import io.acclimate.core.Setting;

/**
 * How many images are handled together.
 *
 * @param maxPollRecords images of one transaction at most
 * @param inferenceBatch rows of one session run at most; fewer of large images, see {@link #rows}
 */
public record BatchSettings(int maxPollRecords, int inferenceBatch) {
    /** The most bytes of input in one session run, unless one row alone has more. */
    private static final long RUN_BYTES = 4L << 20;

    public BatchSettings {
        Setting.inRange("max poll records", maxPollRecords, 1, 100_000);
        Setting.inRange("inference batch", inferenceBatch, 1, 4096);
    }

    public static BatchSettings defaults() {
        return new BatchSettings(1024, 64);
    }

    /**
     * The rows of one session run. What a network computes between its layers takes ten times its input and more, for every row: 64
     * images of 224 x 224 took 800 MB, and gain nothing on six of them.
     */
    public int rows(ModelInput input) {
        long rowBytes = Float.BYTES * input.row().elements();
        return (int) Math.max(1, Math.min(inferenceBatch, RUN_BYTES / rowBytes));
    }
}
