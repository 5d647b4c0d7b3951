package io.acclimate.web;

import io.acclimate.core.Activation;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import java.util.Collection;
import java.util.Optional;

/** What the versions pages show and where their commands go. Called from several threads; must not block. */
public interface VersionsApi {
    Collection<DomainId> domains();

    /** The newest versions of the domain, without the source model; empty when it has none. */
    Collection<ModelVersion> versions(DomainId domain);

    /** Empty while the source model serves. */
    Optional<Activation> active(DomainId domain);

    /** Hands the command to the worker that owns its domain. */
    void submit(ControlCommand command);
}
