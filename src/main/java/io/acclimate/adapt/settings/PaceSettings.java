package io.acclimate.adapt.settings;

import io.acclimate.core.Setting;
import java.time.Duration;

/**
 * When a candidate that the gate promotes is worth a version. The first version that a domain serves after the source model is
 * published at once. Each later one waits for the shortest interval, and then for a gain on the holdout, for so many more labels that it
 * has surely learnt something, or for the longest interval. Intervals are measured between the times at which mini-batches were closed,
 * which their records keep, so that a rebuild publishes the same versions.
 *
 * @param shortest time between two versions at least
 * @param longest time between two versions after which a candidate without a gain is published, too; it may have learnt what the
 *     holdout is too small to show
 * @param gain the share of the holdout by which a candidate must be ahead of the active version before the longest interval is over
 * @param growth how many more labelled samples than at its last version a domain must have had, as a share of those, so that no gain is
 *     asked for; 0 for never. The holdout of the first 1,000 labels is some 80 samples, on which a version that was lucky once stays
 *     ahead for half of them. With an eighth there are 30 versions at most from 256 labels to 8,192
 * @param early labelled samples of a domain up to which no gain is asked for: each mini-batch teaches much then, and the holdout is too
 *     small to show it
 */
public record PaceSettings(Duration shortest, Duration longest, double gain, double growth, int early) {
    /** Publishes each candidate that the gate promotes. */
    public static final PaceSettings NONE = new PaceSettings(Duration.ZERO, Duration.ZERO, 0, 0, 0);

    public PaceSettings {
        if (shortest.isNegative()) {
            throw new IllegalArgumentException(
                    "the shortest interval of versions must not be negative, got " + shortest);
        }
        if (longest.compareTo(shortest) < 0) {
            throw new IllegalArgumentException(
                    "the longest interval of versions must be at least the shortest, " + shortest + ", got " + longest);
        }
        if (!(gain >= 0 && gain <= 1)) {
            throw new IllegalArgumentException("the smallest gain of a version must be from 0 to 1, got " + gain);
        }
        Setting.inRange("growth of samples between versions", growth, 0, 1_000);
        Setting.inRange("samples up to which versions need no gain", early, 0, 1 << 24);
    }

    public static PaceSettings defaults() {
        return new PaceSettings(Duration.ofSeconds(2), Duration.ofMinutes(1), 0.01, 0.125, 256);
    }
}
