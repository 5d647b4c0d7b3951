package io.acclimate.core;

import java.time.Instant;

/**
 * Says which version of a domain is served from now on. Activations of a domain are numbered by {@code epoch}: a follower
 * applies one only when its epoch is higher than the last it applied, so a late or repeated record changes nothing.
 *
 * @param samplesSeen labelled samples that the domain had trained on at this moment
 * @param lastLabelTime timestamp of the newest label behind the version: label-to-served time starts here
 */
public record Activation(
        VersionId version,
        long epoch,
        Cause cause,
        String reason,
        Instant at,
        long samplesSeen,
        Instant lastLabelTime) {
    /** Why the active version changed. */
    public enum Cause {
        PROMOTE,
        ACTIVATE,
        ROLLBACK
    }

    public Activation {
        if (epoch < 1) {
            throw new IllegalArgumentException("epochs start at 1, got " + epoch);
        }
    }
}
