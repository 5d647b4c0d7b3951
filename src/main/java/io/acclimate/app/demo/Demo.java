package io.acclimate.app.demo;

import io.acclimate.app.memory.MemoryEstimate;
import io.acclimate.app.memory.MemoryOption;
import io.acclimate.app.options.HttpPort;
import io.acclimate.app.options.TopicOptions;
import io.acclimate.app.process.LocalKafka;
import io.acclimate.app.process.Node;
import io.acclimate.app.process.Ports;
import io.acclimate.app.process.Role;
import io.acclimate.app.process.Shutdown;
import io.acclimate.app.replay.LabelSettings;
import io.acclimate.app.replay.ReplaySettings;
import io.acclimate.app.replay.Replayer;
import io.acclimate.app.role.Pipeline;
import io.acclimate.app.role.RoleSettings;
import io.acclimate.app.role.WebRole;
import io.acclimate.app.watch.FeedFollower;
import io.acclimate.app.watch.FollowedVersions;
import io.acclimate.app.watch.LiveWatcher;
import io.acclimate.app.watch.WatchedLag;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Prediction;
import io.acclimate.dataset.LabelledRecords;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.train.Samples;
import io.acclimate.web.LiveFeed;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One run of the demo: the whole service on an embedded broker, a stream of bundled records in another domain, and the score.
 *
 * <p>Nothing here replaces a part of the service: images and labels go to the topics as any producer would send them, and the score
 * is taken from the predictions topic. Only the frozen source model's answers are computed beside it, for comparison.
 */
final class Demo {
    private static final int BATCH = 200;
    private static final Duration LABEL_DELAY = Duration.ofMillis(500);
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final Duration SETTLE = Duration.ofSeconds(30);

    private final DemoOptions options;
    private final DemoScore score;
    private final DemoScreen screen;
    private final PrintStream out;

    /** The progress goes to {@code out}. */
    Demo(DemoOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.score = new DemoScore(options.images());
        this.screen = new DemoScreen(score, options.images(), out);
    }

    /**
     * Streams and scores, and gives the summary to {@code report} before the page lingers.
     *
     * @throws CancellationException when a stop was asked for before there was a summary; all is closed then
     */
    DemoSummary run(Consumer<DemoSummary> report) throws Exception {
        long began = System.nanoTime();
        screen.say("Starting Kafka and all services in this process, and reading the bundled records ...");
        screen.stage(() -> "still starting");
        screen.start();
        ModelGraph model = options.data.model();
        LabelledRecords target = options.data.target(options.shift, options.seed);
        Path state = Files.createTempDirectory("acclimate-state");
        RoleSettings settings = options.settings(state);
        HttpPort httpPort = Ports.freeOr(options.http.host, options.http.port);
        // This order closes the broker last, because the roles finish their transactions on it.
        try (Shutdown shutdown = new Shutdown();
                LocalKafka kafka = LocalKafka.temporary(Ports.freeOr("localhost", options.kafkaPort));
                Telemetry telemetry = Telemetry.prometheus()) {
            Topics topics = Topics.DEFAULT;
            new TopicOptions().ensure(kafka.client(), topics);
            Samples source = options.data.source(model.card().input());
            new MemoryOption()
                    .check(
                            MemoryEstimate.serve(model, settings.serve()),
                            MemoryEstimate.up(
                                    model,
                                    settings.serve(),
                                    settings.miniBatch().streams(),
                                    settings.adapt(),
                                    Optional.of(source)),
                            telemetry);
            Pipeline pipeline = new Pipeline(kafka.client(), topics, model, telemetry);
            LiveFeed feed = new LiveFeed();
            FollowedVersions versions = new FollowedVersions(kafka.client(), topics, telemetry);
            FeedFollower follower = new FeedFollower(
                    kafka.client(),
                    topics,
                    new PredictionCodec(WireFormat.JSON),
                    new EventCodec(WireFormat.JSON),
                    new Scoring(score, new LiveWatcher(feed, p -> Optional.of(className(target, p)))));
            try (Node node = new Node(List.of(
                            versions,
                            Role.of("feed", follower::start, follower::check, follower::close),
                            new WatchedLag(kafka.client(), topics, feed),
                            pipeline.serve(settings.serve()),
                            pipeline.minibatch(settings.miniBatch()),
                            pipeline.adapt(settings.adapt(), Optional.of(source))));
                    WebRole web = WebRole.of(options.http, httpPort, telemetry, node.checks(), versions, feed)) {
                web.start();
                node.start();
                screen.say("Kafka at " + kafka.bootstrap()
                        + web.url().map(url -> ", page at " + url).orElse(""));
                screen.stage(() -> "waiting for " + String.join(", ", node.waitingFor()));
                if (!until(() -> node.waitingFor().isEmpty(), READY, shutdown)) {
                    throw new TimeoutException("not ready after " + READY.toSeconds() + " s: " + node.waitingFor());
                }
                screen.stage(() -> "asking the source model about every image, to compare with");
                expect(model, target);
                screen.stage(() -> score.predicted() == 0 ? "waiting for the first prediction" : "");

                long streamBegan = System.nanoTime();
                long labels = stream(kafka, topics, target, shutdown);
                screen.stage(() -> "waiting for the last " + (options.images() - score.predicted()) + " predictions");
                // The summary reports what is still missing after this time.
                until(() -> score.predicted() >= options.images(), SETTLE, shutdown);
                Duration streamed = Duration.ofNanos(System.nanoTime() - streamBegan);
                screen.stage(() -> "waiting until the last " + Math.max(0, labels - score.learned())
                        + " labels are learnt from, at most " + SETTLE.toSeconds() + " s");
                until(() -> score.learned() >= labels, SETTLE, shutdown);
                screen.close();
                DemoSummary summary = score.summary(
                        options.target(), options.seed, labels, streamed, Duration.ofNanos(System.nanoTime() - began));
                report.accept(summary);
                linger(shutdown);
                return summary;
            }
        } finally {
            screen.close();
            LocalKafka.delete(state);
        }
    }

    /** Sends images and labels as producers would, and returns the number of labels. */
    private long stream(LocalKafka kafka, Topics topics, LabelledRecords target, Shutdown shutdown)
            throws InterruptedException {
        LabelSettings labelling = new LabelSettings(options.labelFraction, LABEL_DELAY, 0, LabelSettings.Content.BYTES);
        ReplaySettings settings = ReplaySettings.unpaced(options.images(), options.seed)
                .withRate(options.rate)
                .withLabels(labelling);
        Replayer.Progress progress = (images, labels) -> {
            pause(shutdown, Duration.ZERO);
            screen.show();
        };
        return Replayer.replay(kafka.client(), topics, target, settings, progress)
                .labels();
    }

    private static String className(LabelledRecords target, Prediction prediction) {
        return target.classNames().name(target.label(DemoScore.index(prediction.imageId()) % target.size()));
    }

    /** Gives the score each image's class and the answer of the frozen source model. */
    private void expect(ModelGraph model, LabelledRecords target) throws Exception {
        ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());
        try (ModelSession source = ModelSession.open(model, WeightDelta.EMPTY, SessionSettings.defaults())) {
            for (int from = 0; from < options.images(); from += BATCH) {
                List<FloatTensor> rows = new ArrayList<>();
                for (int i = from; i < Math.min(options.images(), from + BATCH); i++) {
                    Payload payload = target.payload(i % target.size());
                    if (decoder.toTensor(payload, model.card().input()) instanceof Outcome.Ok<FloatTensor> row) {
                        rows.add(row.value());
                    } else {
                        throw new IllegalStateException("the bundled record " + i + " cannot be decoded");
                    }
                }
                FloatTensor answers = source.run(FloatTensor.stack(rows));
                for (int row = 0; row < rows.size(); row++) {
                    int index = from + row;
                    score.expect(
                            index,
                            target.label(index % target.size()),
                            argMax(answers.row(row).values()));
                }
            }
        }
    }

    private static int argMax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private boolean until(BooleanSupplier done, Duration limit, Shutdown shutdown) {
        long end = System.nanoTime() + limit.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            screen.show();
            pause(shutdown, BETWEEN_LOOKS);
        }
        return true;
    }

    /** Waits, and ends the run when a stop is asked for. */
    private static void pause(Shutdown shutdown, Duration wait) {
        try {
            if (shutdown.await(wait)) {
                throw new CancellationException("a stop was asked for");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    private void linger(Shutdown shutdown) throws InterruptedException {
        if (options.lingerSeconds > 0) {
            out.println("the page stays for " + options.lingerSeconds + " s");
            var unused = shutdown.await(Duration.ofSeconds(options.lingerSeconds));
        }
    }

    /** Passes records on to the page and keeps the score. */
    private record Scoring(DemoScore score, LiveWatcher page) implements FeedFollower.Watcher {
        @Override
        public void prediction(Prediction prediction, Optional<Bytes> picture) {
            score.prediction(prediction);
            page.prediction(prediction, picture);
        }

        @Override
        public void event(AdaptationEvent event) {
            score.event(event);
            page.event(event);
        }

        @Override
        public void deadLetter(ConsumerRecord<byte[], byte[]> record) {
            score.deadLetter();
            page.deadLetter(record);
        }

        @Override
        public void tick() {
            page.tick();
        }
    }
}
