package io.acclimate.app.options;

import io.acclimate.train.TrainSettings;
import picocli.CommandLine.Option;

/** How weights follow their gradients. Weight decay is not here: its default is another one online than offline. */
public final class OptimizerOptions {
    @Option(
            names = "--optimizer",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "SGD")
    TrainSettings.OptimizerKind optimizer = TrainSettings.OptimizerKind.SGD;

    @Option(names = "--lr", description = "Learning rate (default: ${DEFAULT-VALUE}).", defaultValue = "0.01")
    double learningRate = 0.01;

    @Option(names = "--momentum", description = "Momentum of SGD (default: ${DEFAULT-VALUE}).", defaultValue = "0.9")
    double momentum = 0.9;

    @Option(
            names = "--clip",
            description = "Global gradient norm at most (default: ${DEFAULT-VALUE}).",
            defaultValue = "5")
    double clip = 5;

    public double learningRate() {
        return learningRate;
    }

    public TrainSettings settings(double weightDecay) {
        return TrainSettings.defaults()
                .withOptimizer(optimizer, learningRate, momentum, weightDecay)
                .withClip(clip);
    }
}
