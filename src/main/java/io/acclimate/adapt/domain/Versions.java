package io.acclimate.adapt.domain;

import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.WeightReader;
import java.util.Optional;

/** Where a command finds the version that it asks for. The worker's thread only. */
public interface Versions {
    Optional<ModelVersion> find(VersionId id);

    Fetched fetch(ModelVersion version);

    /** The versions on the registry's topics. */
    static Versions of(WeightReader reader) {
        return new Versions() {
            @Override
            public Optional<ModelVersion> find(VersionId id) {
                return reader.find(id);
            }

            @Override
            public Fetched fetch(ModelVersion version) {
                return reader.fetch(version);
            }
        };
    }
}
