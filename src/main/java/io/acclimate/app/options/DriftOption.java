package io.acclimate.app.options;

import io.acclimate.adapt.settings.DriftSettings;
import picocli.CommandLine.Option;

/** What is done about a domain that changes. */
public final class DriftOption {
    @Option(
            names = "--drift",
            paramLabel = "USE",
            description =
                    "What is done when a domain changes, so that its active version misses more labels than before. REPORT: an event, a"
                            + " meter and an alert. FOLLOW: besides, training makes as many steps as for a new domain, and samples from"
                            + " before the change are replaced first, unless only the shares of classes have changed. IGNORE: changes are not looked for (default: ${DEFAULT-VALUE}).")
    DriftSettings.Use use;

    private final DriftSettings defaults;

    public DriftOption(DriftSettings defaults) {
        this.defaults = defaults;
        this.use = defaults.use();
    }

    public DriftSettings settings() {
        return defaults.withUse(use);
    }
}
