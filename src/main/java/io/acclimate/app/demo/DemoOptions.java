package io.acclimate.app.demo;

import io.acclimate.app.options.HttpOptions;
import io.acclimate.app.role.RoleSettings;
import io.acclimate.broker.EmbeddedBrokerSettings;
import io.acclimate.dataset.Shift;
import io.acclimate.minibatch.JoinSettings;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a run of the demo can be told. */
final class DemoOptions {
    @Option(
            names = "--shift",
            description =
                    "How images of the target domain differ: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Shift shift = Shift.INVERT;

    @Option(
            names = "--data",
            description =
                    "What to stream: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). A shift is for pictures only.")
    DemoData data = DemoData.PICTURES;

    @Option(
            names = "--images",
            paramLabel = "NUMBER",
            description = "How many images to stream (default: 8000 pictures, 3000 spoken words or 6000 texts).")
    Optional<Integer> asked = Optional.empty();

    @Option(names = "--rate", description = "Images per second (default: ${DEFAULT-VALUE}).")
    int rate = 120;

    @Option(
            names = "--label-fraction",
            description = "The share of images that get a label (default: ${DEFAULT-VALUE}).")
    double labelFraction = 0.5;

    @Option(
            names = "--seed",
            description =
                    "Decides the shift, the labels and all random choices of training (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--kafka-port",
            description = "The port of the embedded broker; when it is 0 or busy, a free one is taken"
                    + " (default: ${DEFAULT-VALUE}).")
    int kafkaPort = EmbeddedBrokerSettings.DEFAULT_PORT;

    @Option(
            names = "--linger",
            paramLabel = "SECONDS",
            description =
                    "How long the page and the metrics stay after the stream has ended (default: ${DEFAULT-VALUE}).")
    int lingerSeconds;

    @Mixin
    HttpOptions http = new HttpOptions();

    private final RoleSettings defaults;

    DemoOptions(RoleSettings defaults) {
        this.defaults = defaults;
        this.seed = defaults.adapt().seed();
    }

    int images() {
        return asked.orElse(data.records());
    }

    /** What the summary calls the target domain. */
    String target() {
        return (data == DemoData.PICTURES ? shift.name() : data.name()).toLowerCase(Locale.ROOT);
    }

    /** The settings of the roles: the defaults of {@code up}, but with the seed that was asked for and this state directory. */
    RoleSettings settings(Path stateDir) {
        return defaults.withMiniBatch(defaults.miniBatch()
                        // Every label of the demo brings the bytes of its image.
                        .withJoin(JoinSettings.OFF)
                        .withStateDir(stateDir))
                .withAdapt(defaults.adapt().withSeed(seed));
    }
}
