package io.acclimate.adapt.settings;

import io.acclimate.core.Setting;
import io.acclimate.wire.Encoding;
import java.time.Duration;

/**
 * How the worker writes what it learns. Nothing here changes the versions that it makes.
 *
 * @param snapshotEvery rounds from one checkpoint with weights to the next; a worker that was killed trains the rounds since again
 * @param events the encoding of adaptation events
 * @param keepMiniBatches for how long mini-batches are kept at least, after which the worker deletes those that nothing refers to; zero
 *     deletes none
 */
public record OutputSettings(int snapshotEvery, Encoding events, Duration keepMiniBatches) {
    public OutputSettings {
        Setting.inRange("snapshot every", snapshotEvery, 1, 1 << 16);
        if (keepMiniBatches.isNegative()) {
            throw new IllegalArgumentException(
                    "the time for which mini-batches are kept must not be negative, got " + keepMiniBatches);
        }
    }

    /** Deletes no mini-batches. */
    public OutputSettings(int snapshotEvery, Encoding events) {
        this(snapshotEvery, events, Duration.ZERO);
    }

    public static OutputSettings defaults() {
        return new OutputSettings(64, Encoding.JSON, Duration.ofHours(1));
    }
}
