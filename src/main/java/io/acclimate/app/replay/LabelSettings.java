package io.acclimate.app.replay;

import io.acclimate.core.Setting;
import java.time.Duration;

/**
 * Which images of a replayed data set get a label, and which label.
 *
 * @param fraction the share of images that get a label
 * @param delay the time from an image to its label
 * @param noise the share of labels that name a wrong class
 * @param content what a label record says of its image
 */
public record LabelSettings(double fraction, Duration delay, double noise, Content content) {
    /** A label carries its image's bytes, or its image's id alone: then it is joined to the image that was served. */
    public enum Content {
        BYTES,
        ID
    }

    public LabelSettings {
        Setting.require(fraction >= 0 && fraction <= 1, "labelFraction must be from 0 to 1", fraction);
        Setting.require(noise >= 0 && noise <= 1, "labelNoise must be from 0 to 1", noise);
        Setting.require(!delay.isNegative(), "labelDelay must not be negative", delay);
    }

    /** Every image gets its true label at once. */
    public static LabelSettings defaults() {
        return new LabelSettings(1, Duration.ZERO, 0, Content.BYTES);
    }
}
