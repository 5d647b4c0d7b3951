package io.acclimate.app.demo;

import io.acclimate.app.options.HttpOptions;
import io.acclimate.app.role.RoleSettings;
import io.acclimate.broker.EmbeddedBrokerSettings;
import io.acclimate.dataset.Shift;
import io.acclimate.minibatch.JoinSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code demo}: the whole service in one JVM, on real data. */
@Command(
        name = "demo",
        description = {
            "Shows adaptation live: an embedded broker, all roles and a stream of shifted images.",
            "It ends by itself in under 3 minutes. The exit code is 0 only if every image got exactly one prediction."
        })
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--shift",
            description =
                    "How images of the target domain differ: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Shift shift = Shift.INVERT;

    @Option(names = "--images", description = "How many images to stream (default: ${DEFAULT-VALUE}).")
    int images = 8000;

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

    @Option(names = "--summary", paramLabel = "FILE", description = "Also write the summary to this file, as JSON.")
    Optional<Path> summary = Optional.empty();

    @Option(
            names = "--linger",
            paramLabel = "SECONDS",
            description =
                    "How long the page and the metrics stay after the stream has ended (default: ${DEFAULT-VALUE}).")
    int lingerSeconds;

    @Mixin
    HttpOptions http = new HttpOptions();

    private final RoleSettings defaults;

    public DemoCommand() {
        this(RoleSettings.defaults());
    }

    public DemoCommand(RoleSettings defaults) {
        this.defaults = defaults;
        this.seed = defaults.adapt().seed();
    }

    /** The settings of the roles: the defaults of {@code up}, but with the seed that was asked for and this state directory. */
    RoleSettings settings(Path stateDir) {
        return defaults.withMiniBatch(defaults.miniBatch()
                        // Every label of the demo brings the bytes of its image.
                        .withJoin(JoinSettings.OFF)
                        .withStateDir(stateDir))
                .withAdapt(defaults.adapt().withSeed(seed));
    }

    @Override
    public Integer call() throws Exception {
        check(images >= 1, "--images", images, "at least 1");
        check(rate >= 1, "--rate", rate, "at least 1");
        check(labelFraction >= 0 && labelFraction <= 1, "--label-fraction", labelFraction, "from 0 to 1");
        check(lingerSeconds >= 0, "--linger", lingerSeconds, "at least 0");
        DemoSummary result;
        try {
            result = new Demo(this).run(ended -> System.out.println(ended.text()));
        } catch (CancellationException e) {
            System.out.println("stopped before the end of the stream");
            return 1;
        }
        if (summary.isPresent()) {
            result.write(summary.get());
        }
        return result.complete() ? 0 : 1;
    }

    private void check(boolean holds, String option, Object value, String rule) {
        if (!holds) {
            throw new ParameterException(new CommandLine(this), option + " must be " + rule + ", got " + value);
        }
    }
}
