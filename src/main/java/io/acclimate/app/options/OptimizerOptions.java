package io.acclimate.app.options;

import io.acclimate.train.OptimizerSettings;
import picocli.CommandLine.Option;

/** How weights follow their gradients. */
@Heading("Optimiser: how training moves the weights")
public final class OptimizerOptions {
    @Option(names = "--optimizer", description = "The optimiser: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    OptimizerSettings.Kind optimizer;

    @Option(
            names = "--lr",
            paramLabel = "auto|RATE",
            converter = LearningRate.Reader.class,
            description =
                    "The learning rate. With auto it is high, and no step changes a layer by more than a small share of its"
                            + " weights (default: ${DEFAULT-VALUE}).")
    LearningRate learningRate;

    @Option(
            names = "--momentum",
            description =
                    "With SGD: the share of the last step that the next one repeats, the momentum (default: ${DEFAULT-VALUE}).")
    double momentum;

    @Option(
            names = "--weight-decay",
            description = "How strongly each step pulls weights towards 0 (default: ${DEFAULT-VALUE}).")
    double weightDecay;

    @Option(
            names = "--clip",
            description = "The largest norm of a step's gradient over all weights; a larger gradient is scaled down"
                    + " (default: ${DEFAULT-VALUE}).")
    double clip;

    public OptimizerOptions(OptimizerSettings defaults) {
        this.optimizer = defaults.kind();
        this.learningRate = LearningRate.of(defaults);
        this.momentum = defaults.momentum();
        this.weightDecay = defaults.weightDecay();
        this.clip = defaults.clip();
    }

    public OptimizerSettings settings() {
        return learningRate.settings(optimizer, momentum, weightDecay, clip);
    }
}
