package io.acclimate.registry;

import io.acclimate.core.Activation;
import io.acclimate.onnx.WeightDelta;

/** Is told which version of a domain to serve. */
@FunctionalInterface
public interface ActivationListener {
    /**
     * Called on the follower's thread, with epochs rising per domain, after the weights' digest was checked.
     *
     * @param weights empty for version 0, the source model
     */
    void onActivation(Activation activation, WeightDelta weights);
}
