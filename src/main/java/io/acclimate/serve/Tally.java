package io.acclimate.serve;

import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The counts of one poll batch. They reach the meters only after its transaction is committed. One thread. */
final class Tally {
    private final Map<DomainId, Integer> predictions = new HashMap<>();
    private final Map<DeadLetterReason, Integer> deadLetters = new EnumMap<>(DeadLetterReason.class);
    private final Set<VersionId> versions = new HashSet<>();

    void predicted(VersionId version, int count) {
        predictions.merge(version.domain(), count, Integer::sum);
        versions.add(version);
    }

    void refused(DeadLetterReason reason) {
        deadLetters.merge(reason, 1, Integer::sum);
    }

    Map<DomainId, Integer> predictions() {
        return predictions;
    }

    Map<DeadLetterReason, Integer> deadLetters() {
        return deadLetters;
    }

    Set<VersionId> versions() {
        return versions;
    }
}
