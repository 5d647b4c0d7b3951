package io.acclimate.adapt.settings;

import io.acclimate.core.Setting;

/**
 * What images without labels are used for.
 *
 * @param capacity images of a domain that are kept and estimated from at most
 */
public record UnlabelledSettings(Use use, int capacity) {
    /** Names are those of the option and of provenance. */
    public enum Use {
        /** Nothing. */
        OFF,
        /** Training starts from weights that are aligned to them, when the first labels do not speak against that. */
        ALIGN,
        /** The aligned weights also serve before any label has come. */
        SERVE
    }

    public UnlabelledSettings {
        Setting.inRange("unlabelled capacity", capacity, 32, 1 << 16);
    }

    public static UnlabelledSettings defaults() {
        return new UnlabelledSettings(Use.OFF, 512);
    }

    public UnlabelledSettings withUse(Use other) {
        return new UnlabelledSettings(other, capacity);
    }
}
