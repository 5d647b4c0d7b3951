package io.acclimate.adapt.settings;

/**
 * How soon labels become versions, which versions are kept, and how they are written.
 *
 * @param freshness how old a label may become before it is learnt from
 * @param pace when a candidate becomes a version
 * @param retention which versions are kept
 * @param output what is written for each round
 */
public record DeliverySettings(
        FreshnessSettings freshness, PaceSettings pace, RetentionSettings retention, OutputSettings output) {
    public static DeliverySettings defaults() {
        return new DeliverySettings(
                FreshnessSettings.defaults(),
                PaceSettings.defaults(),
                RetentionSettings.defaults(),
                OutputSettings.defaults());
    }

    DeliverySettings withFreshness(FreshnessSettings other) {
        return new DeliverySettings(other, pace, retention, output);
    }

    DeliverySettings withPace(PaceSettings other) {
        return new DeliverySettings(freshness, other, retention, output);
    }

    DeliverySettings withRetention(RetentionSettings other) {
        return new DeliverySettings(freshness, pace, other, output);
    }

    DeliverySettings withOutput(OutputSettings other) {
        return new DeliverySettings(freshness, pace, retention, other);
    }
}
