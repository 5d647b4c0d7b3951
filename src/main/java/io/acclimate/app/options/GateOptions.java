package io.acclimate.app.options;

import io.acclimate.gate.GateSettings;
import picocli.CommandLine.Option;

/** When a candidate serves. */
public final class GateOptions {
    @Option(
            names = "--gate",
            description =
                    "PROVEN: only what is proven better than the source model on recent labels serves; NON_INFERIOR: what is not"
                            + " proven worse (default: ${DEFAULT-VALUE}).")
    GateSettings.Rule rule;

    @Option(
            names = "--gate-level",
            paramLabel = "P",
            description =
                    "With --gate PROVEN: the probability with which the proof may be wrong once in a domain's life (default:"
                            + " ${DEFAULT-VALUE}).")
    double level;

    @Option(
            names = "--gate-classes",
            paramLabel = "SHARE",
            description =
                    "With --gate PROVEN: the share of the model's classes, up to 32 classes, that must have labels first; lower it"
                            + " where the domain has fewer (default: ${DEFAULT-VALUE}).")
    double classes;

    private final GateSettings defaults;

    public GateOptions(GateSettings defaults) {
        this.defaults = defaults;
        this.rule = defaults.rule();
        this.level = defaults.level();
        this.classes = defaults.classShare();
    }

    public GateSettings settings() {
        return defaults.withRule(rule).withProof(level, classes);
    }
}
