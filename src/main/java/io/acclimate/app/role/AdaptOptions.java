package io.acclimate.app.role;

import io.acclimate.adapt.AdaptSettings;
import io.acclimate.app.options.LossOptions;
import io.acclimate.train.TrainSettings;
import io.acclimate.train.TrainSettings.OptimizerKind;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the worker learns. */
final class AdaptOptions {
    @Option(
            names = "--trainable",
            description = "all, head, last:N, norm or name:REGEX (default: ${DEFAULT-VALUE}).",
            defaultValue = "all")
    String trainable = "all";

    @Option(
            names = "--optimizer",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "SGD")
    OptimizerKind optimizer = OptimizerKind.SGD;

    @Option(names = "--lr", description = "Learning rate (default: ${DEFAULT-VALUE}).", defaultValue = "0.01")
    double learningRate = 0.01;

    @Option(names = "--momentum", description = "Momentum of SGD (default: ${DEFAULT-VALUE}).", defaultValue = "0.9")
    double momentum = 0.9;

    @Option(
            names = "--weight-decay",
            description = "Weight decay (default: ${DEFAULT-VALUE}).",
            defaultValue = "0.0001")
    double weightDecay = 0.0001;

    @Option(
            names = "--clip",
            description = "Global gradient norm at most (default: ${DEFAULT-VALUE}).",
            defaultValue = "5")
    double clip = 5;

    @Mixin
    LossOptions loss = new LossOptions();

    @Option(
            names = "--average-decay",
            description = "Decay of the served weight average (default: ${DEFAULT-VALUE}).",
            defaultValue = "0.995")
    double averageDecay = 0.995;

    @Option(
            names = "--replay-steps",
            description = "Steps on replayed target samples for each on new ones (default: ${DEFAULT-VALUE}).",
            defaultValue = "7")
    int replaySteps = 7;

    @Option(
            names = "--replay-capacity",
            description = "Target samples that a domain keeps for replay (default: ${DEFAULT-VALUE}).",
            defaultValue = "8192")
    int replayCapacity = 8192;

    @Option(
            names = "--snapshot-every",
            description =
                    "Rounds between two checkpoints with weights; a killed worker trains those since again (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "8")
    int snapshotEvery = 8;

    @Option(
            names = "--seed",
            description = "Decides all that is random (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    long seed = 1;

    @Option(
            names = "--source-data",
            description =
                    "Labelled source images to replay: bundled, idx:DIR, cifar10:DIR, cifar100:DIR, folder:DIR or none"
                            + " (default: bundled for the bundled model, else none).",
            defaultValue = "")
    String sourceData = "";

    AdaptSettings settings(String instance) {
        TrainSettings train = TrainSettings.defaults()
                .withTrainable(trainable)
                .withOptimizer(optimizer, learningRate, momentum, weightDecay)
                .withTerms(loss.terms())
                .withClip(clip)
                .withAverageDecay(averageDecay);
        AdaptSettings defaults = AdaptSettings.defaults();
        return defaults.withGroup(defaults.group(), instance)
                .withTrain(train)
                .withReplay(replaySteps, replayCapacity)
                .withSnapshotEvery(snapshotEvery)
                .withSeed(seed);
    }
}
