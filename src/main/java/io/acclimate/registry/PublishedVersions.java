package io.acclimate.registry;

import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import java.util.Optional;

/** The versions that were published, to be looked up one at a time. */
public interface PublishedVersions {
    /** Empty when no such version was published. */
    Optional<ModelVersion> find(VersionId id);

    /** The weights of a version, or why they cannot be used. */
    Fetched fetch(ModelVersion version);
}
