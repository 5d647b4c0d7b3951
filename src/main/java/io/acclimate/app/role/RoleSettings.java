package io.acclimate.app.role;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.serve.ServeSettings;

/**
 * The settings that the roles run when nothing is configured. Every command takes its defaults from here, so that {@code up}, the
 * single roles, the demo and the benchmarks cannot differ.
 */
public record RoleSettings(ServeSettings serve, MiniBatchSettings miniBatch, AdaptSettings adapt) {
    public static RoleSettings defaults() {
        return new RoleSettings(ServeSettings.defaults(), MiniBatchSettings.defaults(), AdaptSettings.defaults());
    }

    public RoleSettings withServe(ServeSettings other) {
        return new RoleSettings(other, miniBatch, adapt);
    }

    public RoleSettings withMiniBatch(MiniBatchSettings other) {
        return new RoleSettings(serve, other, adapt);
    }

    public RoleSettings withAdapt(AdaptSettings other) {
        return new RoleSettings(serve, miniBatch, other);
    }
}
