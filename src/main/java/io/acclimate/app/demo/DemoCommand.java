package io.acclimate.app.demo;

import io.acclimate.app.options.HttpOptions;
import io.acclimate.dataset.Shift;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code demo}: everything in one JVM, on real data. */
@Command(
        name = "demo",
        description = {
            "Shows adaptation live: an embedded broker, all roles, and a stream of images of a shifted target domain.",
            "Ends by itself in under 3 minutes; exit code 0 only if every image got exactly one prediction."
        })
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--shift",
            description = "How the target domain differs: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "INVERT")
    Shift shift = Shift.INVERT;

    @Option(
            names = "--images",
            description = "How many images to stream (default: ${DEFAULT-VALUE}).",
            defaultValue = "8000")
    int images = 8000;

    @Option(names = "--rate", description = "Images a second (default: ${DEFAULT-VALUE}).", defaultValue = "120")
    int rate = 120;

    @Option(
            names = "--label-fraction",
            description = "The share of images that get a label (default: ${DEFAULT-VALUE}).",
            defaultValue = "0.5")
    double labelFraction = 0.5;

    @Option(
            names = "--seed",
            description = "Decides shifts, labels and training (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    long seed = 1;

    @Option(
            names = "--kafka-port",
            description = "Port of the embedded broker; a free one when it is busy or 0 (default: ${DEFAULT-VALUE}).",
            defaultValue = "9092")
    int kafkaPort = 9092;

    @Option(names = "--summary", paramLabel = "FILE", description = "Also write the summary as JSON.")
    Optional<Path> summary = Optional.empty();

    @Option(
            names = "--linger",
            paramLabel = "SECONDS",
            description = "Keep the page and the metrics up after the stream has ended (default: ${DEFAULT-VALUE}).",
            defaultValue = "0")
    int lingerSeconds;

    @Mixin
    HttpOptions http = new HttpOptions();

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
