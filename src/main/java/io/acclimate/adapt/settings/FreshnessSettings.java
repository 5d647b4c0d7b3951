package io.acclimate.adapt.settings;

import java.time.Duration;

/**
 * How old a label may become before it is learnt from. A worker that is behind, or whose steps take long, spends less on each label, so
 * that what waits for it does not grow. What a round spent is in the record of the round, so this setting is not: a rebuild does not need it.
 *
 * @param target zero for all the effort that the other settings say, however many labels wait
 */
public record FreshnessSettings(Duration target) {
    /** Spends all the effort that the other settings say, however many labels wait. */
    public static final FreshnessSettings NONE = new FreshnessSettings(Duration.ZERO);

    public FreshnessSettings {
        if (target.isNegative()) {
            throw new IllegalArgumentException("freshness must not be negative, got " + target);
        }
    }

    public static FreshnessSettings defaults() {
        return new FreshnessSettings(Duration.ofSeconds(5));
    }
}
