package io.acclimate.app.options;

import io.acclimate.gate.GateSettings;
import picocli.CommandLine.Option;

/** The rule by which a candidate may serve. */
@Heading("Gate: when a version may serve")
public final class GateOptions {
    @Option(
            names = "--gate",
            description =
                    "When a version serves. PROVEN: once it is proven better than the source model on recent labels. NON_INFERIOR:"
                            + " unless it is proven worse (default: ${DEFAULT-VALUE}).")
    GateSettings.Rule rule;

    @Option(
            names = "--gate-level",
            paramLabel = "P",
            description =
                    "With --gate PROVEN: the largest probability that the proof is ever wrong in the life of a domain (default:"
                            + " ${DEFAULT-VALUE}).")
    double level;

    @Option(
            names = "--gate-classes",
            paramLabel = "SHARE",
            description =
                    "With --gate PROVEN: the share of the model's classes that must have labels before anything is proven, at most 32"
                            + " classes; lower it for a domain with fewer classes (default: ${DEFAULT-VALUE}).")
    double classes;

    private final GateSettings defaults;

    public GateOptions(GateSettings defaults) {
        this.defaults = defaults;
        this.rule = defaults.rule();
        this.level = defaults.proven().level();
        this.classes = defaults.proven().classShare();
    }

    public GateSettings settings() {
        return defaults.withRule(rule).withProof(level, classes);
    }
}
