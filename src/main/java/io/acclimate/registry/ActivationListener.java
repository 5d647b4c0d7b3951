package io.acclimate.registry;

import io.acclimate.core.Activation;
import io.acclimate.core.ModelVersion;
import io.acclimate.onnx.WeightDelta;
import java.util.Optional;

/** Is told which version of a domain to serve. */
@FunctionalInterface
public interface ActivationListener {
    /**
     * Called on the follower's thread, with epochs rising per domain, after the weights' digest was checked.
     *
     * @param version its record; empty for version 0, which has none
     * @param weights empty for version 0, the source model
     * @return why it is not taken; empty when it is. What the listener has then stays, and the version does not count as active.
     */
    Optional<String> onActivation(Activation activation, Optional<ModelVersion> version, WeightDelta weights);
}
