package io.acclimate.app.options;

import io.acclimate.adapt.settings.AnswerSettings;
import picocli.CommandLine.Option;

/** What the probabilities of new versions are. */
public final class ConfidenceOption {
    @Option(
            names = "--confidence",
            paramLabel = "FORM",
            description =
                    "What the confidence of a version's predictions is. CALIBRATED: the probability with a temperature that is fitted"
                            + " when the version is made, so that a confidence says how often the model is right. RAW: the"
                            + " model's own probability. The predicted class is the same (default: ${DEFAULT-VALUE}).")
    AnswerSettings.Confidence form;

    private final AnswerSettings defaults;

    public ConfidenceOption(AnswerSettings defaults) {
        this.form = defaults.confidence();
        this.defaults = defaults;
    }

    public AnswerSettings settings() {
        return defaults.withConfidence(form);
    }
}
