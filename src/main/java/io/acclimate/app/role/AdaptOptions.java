package io.acclimate.app.role;

import io.acclimate.adapt.domain.AdaptSettings;
import io.acclimate.app.options.GateOptions;
import io.acclimate.app.options.LossOptions;
import io.acclimate.app.options.OptimizerOptions;
import io.acclimate.train.TrainSettings;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.WireFormat;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the worker learns. */
final class AdaptOptions {
    @Option(
            names = "--trainable",
            description = "all, head, last:N, norm or name:REGEX (default: ${DEFAULT-VALUE}).",
            defaultValue = "all")
    String trainable = "all";

    @Mixin
    OptimizerOptions optimizer = new OptimizerOptions();

    @Option(
            names = "--weight-decay",
            description = "Weight decay (default: ${DEFAULT-VALUE}).",
            defaultValue = "0.0001")
    double weightDecay = 0.0001;

    @Mixin
    LossOptions loss = new LossOptions();

    @Option(
            names = "--average-decay",
            description = "Decay of the served weight average (default: ${DEFAULT-VALUE}).",
            defaultValue = "0.995")
    double averageDecay = 0.995;

    @Mixin
    GateOptions gate = new GateOptions();

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
            names = "--event-format",
            description = "Adaptation events as ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "JSON")
    WireFormat eventFormat = WireFormat.JSON;

    @Option(
            names = "--source-data",
            description =
                    "Labelled source images to replay: bundled, idx:DIR, cifar10:DIR, cifar100:DIR, folder:DIR or none"
                            + " (default: bundled for the bundled model, else none).",
            defaultValue = "")
    String sourceData = "";

    AdaptSettings settings(String instance, Encoding encoding) {
        TrainSettings train = optimizer
                .settings(weightDecay)
                .withTrainable(trainable)
                .withTerms(loss.terms())
                .withAverageDecay(averageDecay);
        AdaptSettings defaults = AdaptSettings.defaults();
        return defaults.withGroup(defaults.group(), instance)
                .withTrain(train)
                .withGate(gate.settings())
                .withReplay(replaySteps, replayCapacity)
                .withSnapshotEvery(snapshotEvery)
                .withSeed(seed)
                .withEvents(encoding);
    }
}
