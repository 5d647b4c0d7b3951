package io.acclimate.adapt.settings;

import io.acclimate.core.Setting;

/**
 * Which versions of a domain are kept, beside the active one, the one that was active before it, those that an operator pinned, and the
 * newest of each of the last 64 configurations.
 *
 * @param newest the newest versions that are kept
 * @param hours for so many of the last hours in which versions were published, the newest of the hour is kept
 * @param days the same of days, in UTC
 */
public record RetentionSettings(int newest, int hours, int days) {
    /** Every version is kept. */
    public static final RetentionSettings ALL = new RetentionSettings(Integer.MAX_VALUE, 0, 0);

    public RetentionSettings {
        Setting.inRange("newest versions that are kept", newest, 1, Integer.MAX_VALUE);
        Setting.inRange("hours of which a version is kept", hours, 0, 10_000);
        Setting.inRange("days of which a version is kept", days, 0, 10_000);
    }

    public static RetentionSettings defaults() {
        return new RetentionSettings(16, 24, 30);
    }

    public boolean keepsAll() {
        return newest == Integer.MAX_VALUE;
    }
}
