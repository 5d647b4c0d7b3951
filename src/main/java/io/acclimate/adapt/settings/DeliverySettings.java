package io.acclimate.adapt.settings;

/**
 * How soon labels become versions, and how these are written.
 *
 * @param freshness how old a label may become before it is learnt from
 * @param output what is written for each round
 */
public record DeliverySettings(FreshnessSettings freshness, OutputSettings output) {
    public static DeliverySettings defaults() {
        return new DeliverySettings(FreshnessSettings.defaults(), OutputSettings.defaults());
    }

    DeliverySettings withFreshness(FreshnessSettings other) {
        return new DeliverySettings(other, output);
    }

    DeliverySettings withOutput(OutputSettings other) {
        return new DeliverySettings(freshness, other);
    }
}
