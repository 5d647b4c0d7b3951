package io.acclimate.app.replay;

import io.acclimate.app.options.Checked;
import io.acclimate.app.options.DomainText;
import io.acclimate.app.options.DurationText;
import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.options.TopicOptions;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.app.terminal.ProgressView;
import io.acclimate.core.DomainId;
import io.acclimate.dataset.DataSets;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code replay}: sends a data set to the topics, as its producers would. */
@Command(
        name = "replay",
        description = {
            "Sends a data set to the topics images and labels, at a rate and with imperfect labels.",
            "Records have the time at which they are sent: Kafka's retention would delete a back-fill with old timestamps at its"
                    + " next check, perhaps before it is read."
        })
public final class ReplayCommand implements Callable<Integer>, Checked {
    private static final ReplaySettings DEFAULTS = ReplaySettings.defaults(1);

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    TopicOptions topicOptions = new TopicOptions();

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file with any of these options.")
    Optional<Path> config = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "NAME",
            description = "The data set to send: " + DataSets.FORMS + " (default: ${DEFAULT-VALUE}).")
    String data = "bundled";

    @Option(names = "--split", description = "The part of the data set: train or test (default: ${DEFAULT-VALUE}).")
    String split = "test";

    @Option(
            names = "--shift",
            description =
                    "How images of the target domain differ: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Shift shift = Shift.NONE;

    @Option(
            names = "--rate",
            paramLabel = "N/s",
            description = "Images per second, as 200/s or 200; 0 sends as fast as Kafka takes them"
                    + " (default: ${DEFAULT-VALUE}).",
            converter = Rate.class)
    double rate = DEFAULTS.imagesPerSecond();

    @Option(
            names = "--label-fraction",
            description = "The share of images that get a label (default: ${DEFAULT-VALUE}).")
    double labelFraction = DEFAULTS.labels().fraction();

    @Option(
            names = "--label-delay",
            paramLabel = "DURATION",
            description =
                    "The time from an image to its label, as 500ms, 2s, 5m, 1h or PT1M (default: ${DEFAULT-VALUE}).",
            converter = DurationText.class)
    Duration labelDelay = DEFAULTS.labels().delay();

    @Option(
            names = "--label-noise",
            description = "The share of labels that name a wrong class (default: ${DEFAULT-VALUE}).")
    double labelNoise = DEFAULTS.labels().noise();

    @Option(
            names = "--label-content",
            description =
                    "What a label record holds: the image's BYTES, or its ID alone, so that it is joined to the image that"
                            + " was served (default: ${DEFAULT-VALUE}).")
    LabelSettings.Content labelContent = DEFAULTS.labels().content();

    @Option(
            names = "--domain",
            description = "The domain of the records (default: ${DEFAULT-VALUE}).",
            converter = DomainText.class)
    DomainId domain = DEFAULTS.domain();

    @Option(
            names = "--key-prefix",
            description = "The id of an image is this prefix and the image's number (default: ${DEFAULT-VALUE}).")
    String keyPrefix = DEFAULTS.keyPrefix();

    @Option(
            names = "--seed",
            description =
                    "Decides the shift, the labels, and the order of a folder's images (default: ${DEFAULT-VALUE}).")
    long seed = DEFAULTS.seed();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description =
                    "How many images to send; after its last image the data set starts over (default: all images once).")
    Optional<Integer> limit = Optional.empty();

    @Mixin
    JsonOption json = new JsonOption();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        LabelledImages images = DataSets.openStream(data, split, seed).shifted(shift, seed);
        ReplaySettings settings = settings(images.size());
        topicOptions.ensure(kafka.reachableClientProperties(), kafka.topics());
        var out = spec.commandLine().getOut();
        long began = System.nanoTime();
        Replayer.Result result;
        try (ProgressView view = ProgressView.open(
                "replay", settings.images(), json.asked() ? spec.commandLine().getErr() : out)) {
            result = Replayer.replay(
                    kafka.clientProperties(),
                    kafka.topics(),
                    images,
                    settings,
                    (sent, labels) -> view.at(sent, labels + " labels"));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        if (json.asked()) {
            JsonOption.print(
                    Map.of(
                            "images", result.images(),
                            "labels", result.labels(),
                            "wrongLabels", result.wrongLabels(),
                            "seconds", seconds),
                    out);
            return 0;
        }
        out.printf(
                Locale.ROOT,
                "sent %,d images and %,d labels (%,d wrong) in %.1f s%n",
                result.images(),
                result.labels(),
                result.wrongLabels(),
                seconds);
        out.flush();
        return 0;
    }

    @Override
    public void check() {
        var unused = settings(1);
    }

    private ReplaySettings settings(int size) {
        return new ReplaySettings(
                domain,
                keyPrefix,
                limit.orElse(size),
                rate,
                new LabelSettings(labelFraction, labelDelay, labelNoise, labelContent),
                seed);
    }

    static final class Rate implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return Double.valueOf(text.endsWith("/s") ? text.substring(0, text.length() - 2) : text);
        }
    }
}
