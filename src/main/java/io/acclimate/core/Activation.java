package io.acclimate.core;

import java.time.Instant;

/**
 * Names the version that a domain serves from now on. Activations of a domain are numbered by {@code epoch}. A follower applies an
 * activation only if its epoch is higher than the last one it applied, so a late or repeated record changes nothing.
 *
 * @param samplesSeen labelled samples that the domain had trained on at this moment
 * @param lastLabelTime timestamp of the newest label that the version was trained on; the label-to-served time starts here
 */
public record Activation(
        VersionId version,
        long epoch,
        Cause cause,
        String reason,
        Instant at,
        long samplesSeen,
        Instant lastLabelTime) {
    /** The cause of a change of the active version. */
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
