package io.acclimate.app.replay;

import io.acclimate.core.DomainId;
import java.time.Duration;

/**
 * How a data set is replayed.
 *
 * @param images how many to send; more than the data set has start over from its first
 * @param imagesPerSecond 0 for as fast as Kafka takes them
 * @param labelFraction the share of images that get a label
 * @param labelDelay from an image to its label
 * @param labelNoise the share of labels that name a wrong class
 * @param seed decides which images get a label, and which labels are wrong
 * @param content what a label record says of its image
 * @param keyPrefix an image's id is this and its number, from 0
 */
public record ReplaySettings(
        DomainId domain,
        int images,
        double imagesPerSecond,
        double labelFraction,
        Duration labelDelay,
        double labelNoise,
        long seed,
        LabelContent content,
        String keyPrefix) {

    /** A label with its image's bytes, or with its id alone: that is joined to the image that was served. */
    public enum LabelContent {
        BYTES,
        ID
    }

    public ReplaySettings {
        require(images >= 1, "images must be at least 1, got " + images);
        require(
                imagesPerSecond >= 0 && imagesPerSecond <= 1e6,
                "imagesPerSecond must be from 0 to 1000000, got " + imagesPerSecond);
        require(labelFraction >= 0 && labelFraction <= 1, "labelFraction must be from 0 to 1, got " + labelFraction);
        require(labelNoise >= 0 && labelNoise <= 1, "labelNoise must be from 0 to 1, got " + labelNoise);
        require(!labelDelay.isNegative(), "labelDelay must not be negative, got " + labelDelay);
    }

    /** All labels at once and true, as fast as Kafka takes them. */
    public static ReplaySettings of(int images, long seed) {
        return new ReplaySettings(DomainId.DEFAULT, images, 0, 1, Duration.ZERO, 0, seed, LabelContent.BYTES, "image-");
    }

    public ReplaySettings withRate(double newImagesPerSecond) {
        return new ReplaySettings(
                domain, images, newImagesPerSecond, labelFraction, labelDelay, labelNoise, seed, content, keyPrefix);
    }

    ReplaySettings withDomain(DomainId newDomain) {
        return new ReplaySettings(
                newDomain, images, imagesPerSecond, labelFraction, labelDelay, labelNoise, seed, content, keyPrefix);
    }

    public ReplaySettings withLabels(double fraction, Duration delay, double noise) {
        return new ReplaySettings(domain, images, imagesPerSecond, fraction, delay, noise, seed, content, keyPrefix);
    }

    public ReplaySettings withLabelContent(LabelContent other) {
        return new ReplaySettings(
                domain, images, imagesPerSecond, labelFraction, labelDelay, labelNoise, seed, other, keyPrefix);
    }

    public ReplaySettings withKeyPrefix(String newKeyPrefix) {
        return new ReplaySettings(
                domain, images, imagesPerSecond, labelFraction, labelDelay, labelNoise, seed, content, newKeyPrefix);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
