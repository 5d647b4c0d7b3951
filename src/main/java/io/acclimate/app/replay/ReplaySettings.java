package io.acclimate.app.replay;

import io.acclimate.core.DomainId;
import io.acclimate.core.Setting;

/**
 * How a data set is replayed.
 *
 * @param keyPrefix an image's id is this and its number, from 0
 * @param images how many to send; after its last image the data set starts over from its first
 * @param imagesPerSecond 0 sends as fast as Kafka takes them
 * @param seed decides which images get a label, and which labels are wrong
 */
public record ReplaySettings(
        DomainId domain, String keyPrefix, int images, double imagesPerSecond, LabelSettings labels, long seed) {
    public ReplaySettings {
        Setting.require(images >= 1, "images must be at least 1", images);
        Setting.require(
                imagesPerSecond >= 0 && imagesPerSecond <= 1e6,
                "imagesPerSecond must be from 0 to 1000000",
                imagesPerSecond);
    }

    /** The settings with which the {@code replay} command sends {@code images}. */
    public static ReplaySettings defaults(int images) {
        return new ReplaySettings(DomainId.DEFAULT, "image-", images, 100, LabelSettings.defaults(), 1);
    }

    /** Sends images as fast as Kafka takes them. */
    public static ReplaySettings unpaced(int images, long seed) {
        return defaults(images).withRate(0).withSeed(seed);
    }

    public ReplaySettings withRate(double other) {
        return new ReplaySettings(domain, keyPrefix, images, other, labels, seed);
    }

    public ReplaySettings withSeed(long other) {
        return new ReplaySettings(domain, keyPrefix, images, imagesPerSecond, labels, other);
    }

    public ReplaySettings withLabels(LabelSettings other) {
        return new ReplaySettings(domain, keyPrefix, images, imagesPerSecond, other, seed);
    }

    public ReplaySettings withKeyPrefix(String other) {
        return new ReplaySettings(domain, other, images, imagesPerSecond, labels, seed);
    }
}
