package io.acclimate.minibatch;

import io.acclimate.core.DomainId;
import java.time.Duration;
import java.util.Set;

/**
 * Which domains one partition of buffers serves, and when a domain must leave its place to another.
 *
 * @param places how many domains have a place at a time; without effect when domains are listed
 * @param settledLabels with this many labels in its life, a domain is settled and no longer takes part in what anyone may make up
 * @param probation how long after its last label a domain that is not settled keeps its place
 * @param idle how long after its last label a settled domain keeps its place
 * @param listed the only domains that are served; empty serves any
 */
public record DomainLimits(int places, int settledLabels, Duration probation, Duration idle, Set<DomainId> listed) {
    public static final DomainLimits DEFAULT =
            new DomainLimits(256, 32, Duration.ofMinutes(1), Duration.ofHours(1), Set.of());

    public DomainLimits {
        if (places < 1 || settledLabels < 1) {
            throw new IllegalArgumentException("places of domains and labels of a settled domain are at least 1, got "
                    + places + " and " + settledLabels);
        }
        if (probation.isNegative() || idle.compareTo(probation) < 0) {
            throw new IllegalArgumentException(
                    "the probation of a domain is at least 0 and at most the idle time of a settled one, got "
                            + probation + " and " + idle);
        }
        listed = Set.copyOf(listed);
    }

    public DomainLimits withPlaces(int other) {
        return new DomainLimits(other, settledLabels, probation, idle, listed);
    }

    public DomainLimits withListed(Set<DomainId> other) {
        return new DomainLimits(places, settledLabels, probation, idle, other);
    }
}
