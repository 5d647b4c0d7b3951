package io.acclimate.adapt.settings;

import io.acclimate.core.Setting;
import io.acclimate.wire.Encoding;

/**
 * How the worker writes what it learns. Nothing here changes the versions that it makes.
 *
 * @param snapshotEvery rounds from one checkpoint with weights to the next; a worker that was killed trains the rounds since again
 * @param events the encoding of adaptation events
 */
public record OutputSettings(int snapshotEvery, Encoding events) {
    public OutputSettings {
        Setting.inRange("snapshot every", snapshotEvery, 1, 1 << 16);
    }

    public static OutputSettings defaults() {
        return new OutputSettings(64, Encoding.JSON);
    }
}
