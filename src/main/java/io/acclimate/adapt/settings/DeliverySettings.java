package io.acclimate.adapt.settings;

import io.acclimate.core.Membership;

/**
 * How a worker shares the work with others, how soon labels become versions, which versions are kept, and how they are written.
 *
 * @param membership in the group of the workers
 * @param freshness how old a label may become before it is learnt from
 * @param pace when a candidate becomes a version
 * @param retention which versions are kept
 * @param output what is written for each round
 * @param shadow whether promoted versions are published without serving, until an operator activates one
 */
public record DeliverySettings(
        Membership membership,
        FreshnessSettings freshness,
        PaceSettings pace,
        RetentionSettings retention,
        OutputSettings output,
        boolean shadow) {
    public static DeliverySettings defaults() {
        return new DeliverySettings(
                Membership.of("acclimate-adapt"),
                FreshnessSettings.defaults(),
                PaceSettings.defaults(),
                RetentionSettings.defaults(),
                OutputSettings.defaults(),
                false);
    }

    DeliverySettings withMembership(Membership other) {
        return new DeliverySettings(other, freshness, pace, retention, output, shadow);
    }

    DeliverySettings withFreshness(FreshnessSettings other) {
        return new DeliverySettings(membership, other, pace, retention, output, shadow);
    }

    DeliverySettings withPace(PaceSettings other) {
        return new DeliverySettings(membership, freshness, other, retention, output, shadow);
    }

    DeliverySettings withRetention(RetentionSettings other) {
        return new DeliverySettings(membership, freshness, pace, other, output, shadow);
    }

    DeliverySettings withOutput(OutputSettings other) {
        return new DeliverySettings(membership, freshness, pace, retention, other, shadow);
    }

    DeliverySettings inShadow() {
        return new DeliverySettings(membership, freshness, pace, retention, output, true);
    }
}
