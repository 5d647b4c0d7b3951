package io.acclimate.registry;

import io.acclimate.core.Activation;
import io.acclimate.core.ModelVersion;
import io.acclimate.onnx.WeightDelta;
import java.util.Optional;

/** Receives the version that a domain serves from now on. */
@FunctionalInterface
public interface ActivationListener {
    /**
     * Called on the follower's thread after the weights' digest was checked. The epochs of a domain only rise.
     *
     * @param version its record, which may be without its provenance; empty for version 0, which has none
     * @param weights empty for version 0, the source model
     * @return empty if the listener accepts the version, otherwise the reason why not. A listener that refuses keeps the version that
     *     it has, and the refused one does not count as active.
     */
    Optional<String> onActivation(Activation activation, Optional<ModelVersion> version, WeightDelta weights);
}
