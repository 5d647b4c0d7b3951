package io.acclimate.app.options;

import io.acclimate.adapt.settings.EvaluationSettings;
import picocli.CommandLine.Option;

/** What the probabilities of new versions are. */
public final class ConfidenceOption {
    @Option(
            names = "--confidence",
            paramLabel = "FORM",
            description =
                    "What the confidence of a version's predictions is. CALIBRATED: the probability with a temperature that is fitted on"
                            + " the holdout when the version is made, so that a confidence says how often the model is right. RAW: the"
                            + " model's own probability. The predicted class is the same (default: ${DEFAULT-VALUE}).")
    EvaluationSettings.Confidence form;

    public ConfidenceOption(EvaluationSettings defaults) {
        this.form = defaults.confidence();
    }

    public EvaluationSettings.Confidence value() {
        return form;
    }
}
