package io.acclimate.registry;

import io.acclimate.core.ModelVersion;
import java.time.Instant;

/**
 * What a list of many versions keeps of each.
 *
 * @param madeAt when the mini-batch that led to it was closed; when it was published, for a record that does not say that
 * @param chunks records of weights
 * @param configuration names the settings that made it; empty when its record does not say that
 */
public record ListedVersion(long number, Instant madeAt, int chunks, String configuration, boolean pinned) {
    public static ListedVersion of(ModelVersion version) {
        return new ListedVersion(
                version.id().number(),
                version.closedAt().orElse(version.createdAt()),
                version.chunks(),
                version.configuration(),
                version.isPinned());
    }

    /** The same version, pinned or not. */
    public ListedVersion withPinned(boolean other) {
        return new ListedVersion(number, madeAt, chunks, configuration, other);
    }
}
