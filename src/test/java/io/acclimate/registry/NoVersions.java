package io.acclimate.registry;

import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import java.util.List;
import java.util.Optional;

/** A topic on which no version was published. */
public class NoVersions implements PublishedVersions {
    @Override
    public Optional<ModelVersion> find(VersionId id) {
        return Optional.empty();
    }

    @Override
    public List<ListedVersion> listed(DomainId domain) {
        return List.of();
    }

    @Override
    public Fetched fetch(ModelVersion version) {
        throw new AssertionError("there is no " + version.id());
    }
}
