package io.acclimate.web;

import io.acclimate.core.Activation;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import java.util.Collection;
import java.util.Optional;

/** Provides what the versions pages show, and receives their commands. Several threads call it, and it must not block. */
public interface VersionsApi {
    Collection<DomainId> domains();

    /** The newest versions of the domain, without the source model. Empty if it has none. */
    Collection<ModelVersion> versions(DomainId domain);

    /** Empty while the source model serves. */
    Optional<Activation> active(DomainId domain);

    /** Sends the command to the worker that owns its domain. */
    void submit(ControlCommand command);
}
