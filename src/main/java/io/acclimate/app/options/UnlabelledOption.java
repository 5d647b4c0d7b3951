package io.acclimate.app.options;

import io.acclimate.adapt.settings.UnlabelledSettings;
import picocli.CommandLine.Option;

/** What images without labels are used for. */
@Heading("Training")
public final class UnlabelledOption {
    @Option(
            names = "--unlabelled",
            paramLabel = "USE",
            description =
                    "What a sample of the served images, without labels, is used for. OFF: nothing. ALIGN: training starts from"
                            + " weights that give each channel the mean and variance that it has in the source domain, unless the"
                            + " first labels speak against that. SERVE: these weights also serve before any label has come"
                            + " (default: ${DEFAULT-VALUE}).")
    UnlabelledSettings.Use use;

    public UnlabelledOption(UnlabelledSettings defaults) {
        this.use = defaults.use();
    }

    public UnlabelledSettings.Use use() {
        return use;
    }
}
