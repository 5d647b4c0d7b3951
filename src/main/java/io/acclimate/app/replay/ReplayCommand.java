package io.acclimate.app.replay;

import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.options.TopicOptions;
import io.acclimate.app.terminal.ProgressView;
import io.acclimate.core.DomainId;
import io.acclimate.dataset.DataSets;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code replay}: a data set to the topics, as its producers would send it. */
@Command(
        name = "replay",
        description = "Sends a data set to images at a rate, and its labels to labels: delayed, thinned, partly wrong.")
public final class ReplayCommand implements Callable<Integer> {
    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    TopicOptions topicOptions = new TopicOptions();

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with any of these options.")
    Optional<Path> config = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "NAME",
            description = DataSets.FORMS + " (default: ${DEFAULT-VALUE}).",
            defaultValue = "bundled")
    String data = "bundled";

    @Option(names = "--split", description = "train or test (default: ${DEFAULT-VALUE}).", defaultValue = "test")
    String split = "test";

    @Option(
            names = "--shift",
            description = "How the target domain differs: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "NONE")
    Shift shift = Shift.NONE;

    @Option(
            names = "--rate",
            paramLabel = "N/s",
            description =
                    "Images a second, as 200/s or 200; 0 = as fast as Kafka takes them (default: ${DEFAULT-VALUE}).",
            converter = Rate.class,
            defaultValue = "100/s")
    double rate = 100;

    @Option(
            names = "--label-fraction",
            description = "The share of images that get a label (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    double labelFraction = 1;

    @Option(
            names = "--label-delay",
            paramLabel = "DURATION",
            description = "From an image to its label, as 500ms, 2s, 5m, 1h or PT1M (default: ${DEFAULT-VALUE}).",
            converter = Time.class,
            defaultValue = "0s")
    Duration labelDelay = Duration.ZERO;

    @Option(
            names = "--label-noise",
            description = "The share of labels that name a wrong class (default: ${DEFAULT-VALUE}).",
            defaultValue = "0")
    double labelNoise;

    @Option(
            names = "--label-content",
            description =
                    "What a label record holds, of ${COMPLETION-CANDIDATES}: the image's bytes, or no value, so that"
                            + " it is joined by id to the image that was served (default: ${DEFAULT-VALUE}).",
            defaultValue = "BYTES")
    ReplaySettings.LabelContent labelContent = ReplaySettings.LabelContent.BYTES;

    @Option(
            names = "--domain",
            description = "Domain of the records (default: ${DEFAULT-VALUE}).",
            defaultValue = "default")
    String domain = "default";

    @Option(
            names = "--key-prefix",
            description = "An image's id is this and its number (default: ${DEFAULT-VALUE}).",
            defaultValue = "image-")
    String keyPrefix = "image-";

    @Option(names = "--seed", description = "Decides shift and labels (default: ${DEFAULT-VALUE}).", defaultValue = "1")
    long seed = 1;

    @Option(names = "--limit", description = "Images to send; more than the set has start over (default: all once).")
    Optional<Integer> limit = Optional.empty();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        LabelledImages images = DataSets.open(data, split).shifted(shift, seed);
        ReplaySettings settings = settings(images.size());
        topicOptions.ensure(kafka.clientProperties(), kafka.topics());
        var out = spec.commandLine().getOut();
        long began = System.nanoTime();
        Replayer.Result result;
        try (ProgressView view = ProgressView.open("replay", settings.images(), out)) {
            result = Replayer.replay(
                    kafka.clientProperties(),
                    kafka.topics(),
                    images,
                    settings,
                    (sent, labels) -> view.at(sent, labels + " labels"));
        }
        out.printf(
                Locale.ROOT,
                "sent %,d images and %,d labels (%,d wrong) in %.1f s%n",
                result.images(),
                result.labels(),
                result.wrongLabels(),
                (System.nanoTime() - began) / 1e9);
        out.flush();
        return 0;
    }

    private ReplaySettings settings(int size) {
        try {
            return ReplaySettings.of(limit.orElse(size), seed)
                    .withRate(rate)
                    .withDomain(new DomainId(domain))
                    .withLabels(labelFraction, labelDelay, labelNoise)
                    .withLabelContent(labelContent)
                    .withKeyPrefix(keyPrefix);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    static final class Rate implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return Double.valueOf(text.endsWith("/s") ? text.substring(0, text.length() - 2) : text);
        }
    }

    static final class Time implements ITypeConverter<Duration> {
        private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

        @Override
        public Duration convert(String text) {
            Matcher match = SHORT.matcher(text);
            if (!match.matches()) {
                if (text.startsWith("P")) {
                    return Duration.parse(text);
                }
                throw new TypeConversionException("'" + text + "' is no duration like 500ms, 2s, 5m, 1h or PT1M");
            }
            long amount = Long.parseLong(match.group(1));
            return switch (match.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }
    }
}
