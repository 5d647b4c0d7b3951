package io.acclimate.adapt.trial;

import io.acclimate.adapt.domain.Round;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.ListedVersion;
import io.acclimate.registry.PublishedVersions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The versions of one trial that a guard can go back to, in memory. One thread. */
final class RememberedVersions implements PublishedVersions {
    /** As many as a lineage remembers. */
    private static final int KEPT = 64;

    private final Digest base;
    private final Map<VersionId, Round.NewVersion> versions = new LinkedHashMap<>();

    RememberedVersions(Digest base) {
        this.base = base;
    }

    void remember(Round.NewVersion version) {
        versions.put(version.id(), version);
        if (versions.size() > KEPT) {
            versions.remove(versions.keySet().iterator().next());
        }
    }

    @Override
    public Optional<ModelVersion> find(VersionId id) {
        return Optional.ofNullable(versions.get(id))
                .map(version -> new ModelVersion(
                        id,
                        version.parent(),
                        base,
                        List.of(),
                        version.weights().digest(),
                        new Coordinates("trial", 0, 0),
                        1,
                        0,
                        Instant.EPOCH,
                        version.provenance(),
                        version.temperature()));
    }

    @Override
    public List<ListedVersion> listed(DomainId domain) {
        return versions.keySet().stream()
                .flatMap(id -> find(id).stream())
                .map(ListedVersion::of)
                .toList();
    }

    @Override
    public Fetched fetch(ModelVersion version) {
        Round.NewVersion found = versions.get(version.id());
        WeightDelta weights = found == null ? WeightDelta.EMPTY : found.weights();
        return new Fetched.Weights(weights);
    }
}
