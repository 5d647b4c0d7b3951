package io.acclimate.wire;

import io.acclimate.core.Activation;
import io.acclimate.core.ModelVersion;

/** What a record of {@code model-versions} holds. */
public sealed interface VersionRecord {
    record Version(ModelVersion version) implements VersionRecord {}

    record Active(Activation activation) implements VersionRecord {}
}
