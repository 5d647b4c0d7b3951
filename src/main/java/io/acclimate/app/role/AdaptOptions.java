package io.acclimate.app.role;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.FreshnessSettings;
import io.acclimate.adapt.settings.OutputSettings;
import io.acclimate.app.options.Checked;
import io.acclimate.app.options.ConfidenceOption;
import io.acclimate.app.options.DriftOption;
import io.acclimate.app.options.DurationText;
import io.acclimate.app.options.GateOptions;
import io.acclimate.app.options.Heading;
import io.acclimate.app.options.LossOptions;
import io.acclimate.app.options.OptimizerOptions;
import io.acclimate.app.options.TrainableOption;
import io.acclimate.app.options.UnlabelledOption;
import io.acclimate.app.options.VersionOptions;
import io.acclimate.train.TrainSettings;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.WireFormat;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the worker learns. */
@Heading("Training")
final class AdaptOptions implements Checked {
    private final AdaptSettings defaults;

    @Mixin
    TrainableOption trainable;

    @Mixin
    OptimizerOptions optimizer;

    @Mixin
    LossOptions loss;

    @Mixin
    UnlabelledOption unlabelled;

    @Option(
            names = "--average-decay",
            description =
                    "What is judged and served is a running average of the trained weights. This is the share of the average that each"
                            + " step keeps; 0 serves the trained weights themselves (default: ${DEFAULT-VALUE}).")
    double averageDecay;

    @Mixin
    final GateOptions gate;

    @Mixin
    final ConfidenceOption confidence;

    @Mixin
    final DriftOption drift;

    @Mixin
    final VersionOptions versions;

    @Option(
            names = "--replay-steps",
            description = "Steps on replayed target samples for each step on new ones (default: ${DEFAULT-VALUE}).")
    int replaySteps;

    @Option(
            names = "--replay-capacity",
            description = "The number of target samples that a domain keeps for replay (default: ${DEFAULT-VALUE}).")
    int replayCapacity;

    @Option(
            names = "--freshness",
            paramLabel = "DURATION",
            description =
                    "How old a label may become before it is learnt from. A worker that is behind, or whose steps take long, spends less on"
                            + " each label, and leaves some out where scoring them would take more than 60 times as long; 0s never does (default:"
                            + " ${DEFAULT-VALUE}).",
            converter = DurationText.class)
    Duration freshness;

    @Option(
            names = "--shadow",
            description =
                    "Train, judge and publish versions without letting them serve, to watch what adaptation would do. What serves stays as it"
                            + " is until an operator activates a version.")
    boolean shadow;

    @Option(
            names = "--snapshot-every",
            description =
                    "Rounds from one checkpoint with weights to the next; a worker that was killed trains the rounds since"
                            + " again (default: ${DEFAULT-VALUE}).")
    int snapshotEvery;

    @Option(
            names = "--keep-mini-batches",
            paramLabel = "DURATION",
            description =
                    "The time for which mini-batches are kept at least. Then, up to as long again, the worker deletes those that neither a"
                            + " restart nor a rebuild of the versions since needs; 0s keeps all (default: ${DEFAULT-VALUE}).",
            converter = DurationText.class)
    Duration keepMiniBatches;

    @Option(names = "--seed", description = "Decides all random choices of training (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--event-format",
            description = "The format of adaptation events: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    WireFormat eventFormat;

    @Option(
            names = "--source-data",
            description =
                    "Labelled source samples to replay: bundled, idx:DIR, cifar10:DIR, cifar100:DIR, folder:DIR or none;"
                            + " of texts and tensors folder:DIR or none (default: bundled for the bundled model, else none).")
    String sourceData = "";

    AdaptOptions(AdaptSettings defaults) {
        this.defaults = defaults;
        this.trainable = new TrainableOption(defaults.train().trainable());
        this.optimizer = new OptimizerOptions(defaults.train().optimizer());
        this.loss = new LossOptions(defaults.train().terms());
        this.gate = new GateOptions(defaults.gate());
        this.unlabelled = new UnlabelledOption(defaults.unlabelled());
        this.confidence = new ConfidenceOption(defaults.evaluation().answers());
        this.drift = new DriftOption(defaults.evaluation().drift());
        this.versions = new VersionOptions(defaults.pace(), defaults.retention());
        this.averageDecay = defaults.train().averageDecay();
        this.replaySteps = defaults.steps().replaySteps();
        this.replayCapacity = defaults.steps().replayCapacity();
        this.freshness = defaults.freshness().target();
        this.snapshotEvery = defaults.output().snapshotEvery();
        this.keepMiniBatches = defaults.output().keepMiniBatches();
        this.seed = defaults.seed();
        this.eventFormat = defaults.output().events().format();
    }

    @Override
    public void check() {
        var unused = settings("check", Encoding.JSON);
    }

    AdaptSettings settings(String instance, Encoding events) {
        TrainSettings train = defaults.train()
                .withTrainable(trainable.value())
                .withOptimizer(optimizer.settings())
                .withTerms(loss.terms())
                .withAverageDecay(averageDecay);
        AdaptSettings settings = defaults.withMembership(defaults.membership().withInstance(instance))
                .withTrain(train)
                .withGate(gate.settings())
                .withEvaluation(
                        defaults.evaluation().withAnswers(confidence.settings()).withDrift(drift.settings()))
                .withUnlabelled(defaults.unlabelled().withUse(unlabelled.use()))
                .withSteps(defaults.steps().withReplay(replaySteps, replayCapacity))
                .withFreshness(new FreshnessSettings(freshness))
                .withPace(versions.pace())
                .withRetention(versions.retention())
                .withOutput(new OutputSettings(snapshotEvery, events, keepMiniBatches))
                .withSeed(seed);
        return shadow ? settings.inShadow() : settings;
    }
}
