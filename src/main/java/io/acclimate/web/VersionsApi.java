package io.acclimate.web;

import io.acclimate.core.Activation;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import java.util.Collection;
import java.util.Optional;

/** Provides what the versions pages show, and receives the commands of operators. Several threads call it. What shows must not block. */
public interface VersionsApi {
    Collection<DomainId> domains();

    /** The newest versions of the domain, without the source model. Empty if it has none. */
    Collection<ModelVersion> versions(DomainId domain);

    /** Empty while the source model serves. */
    Optional<Activation> active(DomainId domain);

    /** Sends the command to the worker that owns its domain. */
    void submit(ControlCommand command);

    /**
     * Sends a dead letter to the topic that it came from, whether it was sent before or not. It waits for Kafka, for some seconds at most.
     *
     * @return why the letter cannot be sent; empty once Kafka has it
     */
    Optional<String> resend(int partition, long offset);
}
