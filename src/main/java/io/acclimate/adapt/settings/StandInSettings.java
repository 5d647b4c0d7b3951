package io.acclimate.adapt.settings;

import io.acclimate.core.Setting;

/**
 * What takes the place of source samples when there is no source set.
 *
 * @param tries changed target samples that are tried for each one that is wanted; 0 for none
 * @param changes how these samples are changed
 */
public record StandInSettings(int tries, Changes changes) {
    /** Names are those of provenance. */
    public enum Changes {
        /** At random, all changes alike. */
        FIXED,
        /** Those more often that made the source model right before, and with a contrast in proportion to the picture's own. */
        LEARNT
    }

    public StandInSettings {
        Setting.inRange("stand-in tries", tries, 0, 16);
    }

    public static StandInSettings defaults() {
        return new StandInSettings(2, Changes.LEARNT);
    }
}
