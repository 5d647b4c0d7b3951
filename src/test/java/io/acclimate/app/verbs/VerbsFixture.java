package io.acclimate.app.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.app.Main;
import io.acclimate.app.data.ImageRows;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.process.Node;
import io.acclimate.app.process.Role;
import io.acclimate.app.replay.LabelSettings;
import io.acclimate.app.replay.ReplaySettings;
import io.acclimate.app.replay.Replayer;
import io.acclimate.app.role.Pipeline;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.WeightReader;
import io.acclimate.serve.ServeSettings;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;

/**
 * A service of its own topics, and what an operator types at it. Training rests but where a test resumes it. Closes the
 * roles it started. For one thread.
 */
final class VerbsFixture implements AutoCloseable {
    private static final int IMAGES = 384;
    private static final int MOST_IMAGES = 10 * IMAGES;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);

    /** How a command ended, and what it wrote. */
    record Said(int code, String out, String err) {}

    final Topics topics = TestBroker.uniqueTopics();
    private final Telemetry telemetry = Telemetry.inMemory();
    private final AtomicInteger probes = new AtomicInteger();
    final ModelGraph model = bundled();
    private Node node = new Node(List.of());
    private int labelled;

    VerbsFixture() {
        TestBroker.createTopics(topics);
    }

    /** All roles run and have made two versions or more when it returns, and training is paused. */
    void adapt(Path state) throws Exception {
        Pipeline pipeline = pipeline();
        start(
                pipeline.serve(ServeSettings.defaults()),
                pipeline.minibatch(MiniBatchSettings.defaults().withStateDir(state)),
                pipeline.adapt(
                        AdaptSettings.defaults().withPace(PaceSettings.NONE),
                        Optional.of(new ImageRows(
                                Bundled.sourceReplay(), model.card().input()))));
        // How many labels two versions take depends on how busy the machine is, since a worker that is behind spends
        // less on each.
        do {
            label(IMAGES);
        } while (catalogue().versions().size() < 2 && labelled < MOST_IMAGES);
        assertThat(catalogue().versions()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(run("pause").code()).isZero();
    }

    /** Only the source model is served. */
    void serve() throws Exception {
        start(pipeline().serve(ServeSettings.defaults()));
    }

    private Pipeline pipeline() {
        return new Pipeline(TestBroker.clientProperties(), topics, model, telemetry);
    }

    private void start(Role... roles) throws Exception {
        node = new Node(List.of(roles));
        node.start();
        await().atMost(LIMIT).until(() -> node.waitingFor().isEmpty());
    }

    void given(long activeVersion) {
        Said said = run("activate", Long.toString(activeVersion));
        assertThat(said.code() == 0 || said.err().contains("is active already"))
                .as(said.toString())
                .isTrue();
    }

    Said run(String... arguments) {
        return run(topics, arguments);
    }

    static Said run(Topics of, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--topic-prefix", of.prefix()));
        if (all.stream().noneMatch(each -> each.startsWith("--bootstrap"))) {
            all.addAll(List.of("--bootstrap", TestBroker.bootstrapServers()));
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.line().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code = Main.run(line, all.toArray(String[]::new), Map.of());
        return new Said(code, out.toString(), err.toString());
    }

    /** Sends images and their labels, and waits until the worker has taken all. */
    void label(int images) throws InterruptedException {
        ReplaySettings settings = ReplaySettings.unpaced(images, 1).withKeyPrefix("labelled-" + labelled + "-");
        Replayer.replay(TestBroker.clientProperties(), topics, INVERTED, settings, (sent, labels) -> {});
        labelled += images;
        await().atMost(LIMIT)
                .until(() -> trained().stream()
                                .mapToInt(line -> Integer.parseInt(line.replaceAll(".*: (\\d+) samples.*", "$1")))
                                .sum()
                        == labelled);
    }

    List<String> trained() {
        return run("tail", "events", "--from-beginning", "--exit", "--domain", "default")
                .out()
                .lines()
                .filter(line -> line.contains("trained on mini-batch"))
                .toList();
    }

    /** Serving follows the versions topic, so the first images after a command may still meet the version before. */
    void awaitServed(long version) {
        await().atMost(LIMIT).until(() -> servedBy() == version);
    }

    private long servedBy() throws InterruptedException {
        String image = "probe-" + probes.incrementAndGet() + "-";
        ReplaySettings settings = ReplaySettings.unpaced(1, 1)
                .withLabels(new LabelSettings(0, Duration.ZERO, 0, LabelSettings.Content.BYTES))
                .withKeyPrefix(image);
        Replayer.replay(TestBroker.clientProperties(), topics, INVERTED, settings, (sent, labels) -> {});
        List<String> found = new ArrayList<>();
        await().atMost(LIMIT).until(() -> {
            run("tail", "predictions", "--from-beginning", "--exit")
                    .out()
                    .lines()
                    .filter(line -> line.contains(image))
                    .forEach(found::add);
            return !found.isEmpty();
        });
        return Long.parseLong(found.get(0).replaceAll(".* default/(\\d+) .*", "$1"));
    }

    WeightReader.Catalogue catalogue() {
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), topics)) {
            return reader.catalogue();
        }
    }

    WeightDelta weights(long number) {
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), topics)) {
            Fetched fetched = reader.fetch(
                    reader.find(new VersionId(DomainId.DEFAULT, number)).orElseThrow());
            return ((Fetched.Weights) fetched).delta();
        }
    }

    private static ModelGraph bundled() {
        try {
            return ModelOptions.bundled();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        node.close();
        telemetry.close();
    }
}
