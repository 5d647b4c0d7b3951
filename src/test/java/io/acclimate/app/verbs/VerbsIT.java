package io.acclimate.app.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.AdaptSettings;
import io.acclimate.app.Main;
import io.acclimate.app.offline.TrainingData;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.replay.ReplaySettings;
import io.acclimate.app.replay.Replayer;
import io.acclimate.app.role.Node;
import io.acclimate.app.role.Pipeline;
import io.acclimate.app.role.SourceRows;
import io.acclimate.broker.TestBroker;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.VersionId;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.WeightReader;
import io.acclimate.serve.ServeSettings;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.TopicCreator;
import io.acclimate.wire.TopicPlan;
import io.acclimate.wire.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What an operator types, against a service that has adapted. Training rests but where a test resumes it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class VerbsIT {
    private static final int IMAGES = 384;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final LabelledImages INVERTED = Bundled.targetTest().shifted(Shift.INVERT, 1);

    private record Said(int code, String out, String err) {}

    private final Topics topics = TestBroker.uniqueTopics();
    private final Telemetry telemetry = Telemetry.inMemory();
    private final AtomicInteger probes = new AtomicInteger();
    private final ModelGraph model = bundled();
    private Node node = new Node(List.of());
    private int labelled;

    @BeforeAll
    void adaptOnce(@TempDir Path state) throws Exception {
        ensure(topics);
        Pipeline pipeline = new Pipeline(TestBroker.clientProperties(), topics, model, telemetry);
        node = new Node(List.of(
                pipeline.serve(ServeSettings.defaults()),
                pipeline.minibatch(MiniBatchSettings.defaults().withStateDir(state)),
                pipeline.adapt(
                        AdaptSettings.defaults(),
                        Optional.of(new SourceRows(
                                Bundled.sourceReplay(), model.card().input())))));
        node.start();
        await().atMost(LIMIT).until(() -> node.waitingFor().isEmpty());
        label(IMAGES);
        assertThat(catalogue().versions()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(run("pause").code()).isZero();
    }

    @AfterAll
    void stop() {
        node.close();
        telemetry.close();
    }

    @Test
    void versionsListsEachWithTheActiveOneMarked() throws Exception {
        WeightReader.Catalogue catalogue = catalogue();
        given(2);

        Said said = run("versions");
        assertThat(said.code()).isZero();
        List<String> lines = said.out().lines().toList();
        assertThat(lines).hasSize(catalogue.versions().size() + 2);
        assertThat(lines.get(0)).contains("DOMAIN", "VERSION", "ACCURACY", "SHA-256");
        assertThat(lines.get(1)).matches("default +0 +- +source model");
        assertThat(lines.get(2)).matches("default +1 +0 .*[0-9a-f]{12}");
        assertThat(lines.get(3)).matches("default +\\*2 +1 .*");
        assertThat(run("versions", "--domain", "nowhere").out()).contains("No versions");
    }

    @Test
    void activateAndRollbackChangeWhatIsServed() throws Exception {
        given(2);
        assertThat(run("activate", "1")).isEqualTo(new Said(0, "default: activate to version 1\n", ""));
        awaitServed(1);
        assertThat(run("rollback")).isEqualTo(new Said(0, "default: rollback to version 2\n", ""));
        awaitServed(2);
        assertThat(run("activate", "0").code()).isZero();
        awaitServed(0);
        assertThat(run("tail", "events", "--from-beginning", "--exit").out())
                .contains(
                        "rollback applied: rollback to version 2",
                        "version 2 is active instead of 1: rollback to version 2");
        given(1);
    }

    @Test
    void aVersionThatIsNotThereIsRefused(@TempDir Path folder) {
        Said activate = run("activate", "999");
        assertThat(activate.code()).isEqualTo(1);
        assertThat(activate.err()).contains("default: there is no version default/999");

        Path file = folder.resolve("none.onnx");
        Said export = run("export", "--version-number", "999", file.toString());
        assertThat(export.code()).isEqualTo(1);
        assertThat(export.err()).contains("export: there is no version default/999");
        assertThat(file).doesNotExist();

        Said rollback = run("rollback", "--domain", "fresh");
        assertThat(rollback.code()).isEqualTo(1);
        assertThat(rollback.err()).contains("fresh: no version was active before the current one");
    }

    @Test
    void pauseKeepsLabelsAndResumeGoesOnTraining() throws Exception {
        int before = catalogue().versions().size();
        assertThat(run("pause")).isEqualTo(new Said(0, "default: training is paused\n", ""));
        label(64);
        assertThat(catalogue().versions()).hasSize(before);
        List<String> steps = trained();
        assertThat(steps.subList(steps.size() - 2, steps.size())).allMatch(line -> line.contains("; 0 steps"));

        assertThat(run("resume")).isEqualTo(new Said(0, "default: training goes on\n", ""));
        label(32);
        assertThat(run("pause").code()).isZero();
        steps = trained();
        assertThat(steps.get(steps.size() - 1)).doesNotContain("; 0 steps");
    }

    @Test
    void rebuildMakesEveryVersionAgainAcrossTheCommandsGivenSoFar() throws Exception {
        given(1);
        assertThat(run("resume").code()).isZero();
        label(64);
        assertThat(run("pause").code()).isZero();
        int versions = catalogue().versions().size();

        Said said = run("rebuild");
        assertThat(said).isEqualTo(new Said(0, versions + " of " + versions + " versions equal\n", ""));

        Said without = run("rebuild", "--source-data", "none");
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.out())
                .contains("default/1 (mini-batch offset ", ") differs: tensor ", "the source set was ", " and is none")
                // Without source samples the gate may promote at other mini-batches, so more versions may be compared.
                .containsPattern("\n0 of \\d+ versions equal\n$");
    }

    @Test
    void anExportScoresAsTheVersionDoes(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("one.onnx");
        Said said = run("export", "--version-number", "1", file.toString());
        assertThat(said).isEqualTo(new Said(0, "Wrote version default/1 to " + file + "\n", ""));

        TrainingData data = new TrainingData(INVERTED, model.card().input());
        FloatTensor rows =
                FloatTensor.stack(IntStream.range(0, 20).mapToObj(data::row).toList());
        ModelGraph exported = ModelGraph.read(file);
        assertThat(exported.card().classes()).isEqualTo(model.card().classes());
        FloatTensor scores = scores(exported, WeightDelta.EMPTY, rows);
        assertThat(scores).isEqualTo(scores(model, weights(1), rows));
        assertThat(scores).isNotEqualTo(scores(model, WeightDelta.EMPTY, rows));

        given(2);
        assertThat(run("export", folder.resolve("active.onnx").toString()).out())
                .contains("Wrote version default/2");
    }

    @Test
    void whatCannotBeAnImageIsListedAndShown() throws Exception {
        try (var producer = new KafkaProducer<>(
                TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topics.images(), utf8("broken"), utf8("no image")))
                    .get();
        }

        Said tail = run("tail", "dead-letters", "--from-beginning", "-n", "1");
        assertThat(tail.code()).isZero();
        assertThat(tail.out().lines()).hasSize(1);
        assertThat(tail.out()).contains(topics.images() + "-", "serve");
        Said list = run("dead-letters", "list");
        assertThat(list.code()).isZero();
        assertThat(list.out().lines()).hasSize(1);
        assertThat(list.out()).contains("\tserve\t" + topics.images() + "-");
        assertThat(run("dead-letters", "show", list.out().split("\t", 2)[0]).out())
                .contains("key: broken", "value: 8 bytes");
    }

    @Test
    void whoeverIsAbsentIsSaid() {
        Topics idle = TestBroker.uniqueTopics();
        ensure(idle);
        Said noWorker = run(idle, "pause", "--wait", "1");
        assertThat(noWorker.code()).isEqualTo(1);
        assertThat(noWorker.err())
                .contains("No worker answered within 1 s. The command stands on " + idle.modelControl());

        Topics nowhere = TestBroker.uniqueTopics();
        Said noTopic = run(nowhere, "versions");
        assertThat(noTopic.code()).isEqualTo(1);
        assertThat(noTopic.err()).isEqualTo("versions: topic " + nowhere.modelVersions() + " does not exist\n");
        assertThat(run(nowhere, "tail", "events").err()).contains("topic " + nowhere.adaptationEvents());
        assertThat(run(nowhere, "rollback").err()).contains("topic " + nowhere.adaptationEvents());
        assertThat(run(nowhere, "dead-letters", "list").err()).contains("topic " + nowhere.deadLetters());

        Said noBroker = run("tail", "events", "--bootstrap=localhost:1", "-K", "default.api.timeout.ms=500");
        assertThat(noBroker.code()).isEqualTo(1);
        assertThat(noBroker.err()).contains("does Kafka answer at the address that --bootstrap gives?");

        Said badFeed = run("tail", "everything");
        assertThat(badFeed.code()).isEqualTo(2);
        assertThat(badFeed.err()).contains("predictions, events and dead-letters, got 'everything'");
    }

    private void given(long activeVersion) {
        Said said = run("activate", Long.toString(activeVersion));
        assertThat(said.code() == 0 || said.err().contains("is active already"))
                .as(said.toString())
                .isTrue();
    }

    private Said run(String... arguments) {
        return run(topics, arguments);
    }

    private static Said run(Topics of, String... arguments) {
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
    private void label(int images) throws InterruptedException {
        ReplaySettings settings = ReplaySettings.of(images, 1).withKeyPrefix("labelled-" + labelled + "-");
        Replayer.replay(TestBroker.clientProperties(), topics, INVERTED, settings, (sent, labels) -> {});
        labelled += images;
        await().atMost(LIMIT)
                .until(() -> trained().stream()
                                .mapToInt(line -> Integer.parseInt(line.replaceAll(".*: (\\d+) samples.*", "$1")))
                                .sum()
                        == labelled);
    }

    private List<String> trained() {
        return run("tail", "events", "--from-beginning", "--exit", "--domain", "default")
                .out()
                .lines()
                .filter(line -> line.contains("trained on mini-batch"))
                .toList();
    }

    /** Serving follows the versions topic, so the first images after a command may still meet the version before. */
    private void awaitServed(long version) {
        await().atMost(LIMIT).until(() -> servedBy() == version);
    }

    private long servedBy() throws InterruptedException {
        String image = "probe-" + probes.incrementAndGet() + "-";
        ReplaySettings settings =
                ReplaySettings.of(1, 1).withLabels(0, Duration.ZERO, 0).withKeyPrefix(image);
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

    private WeightReader.Catalogue catalogue() {
        try (WeightReader reader = new WeightReader(TestBroker.clientProperties(), topics)) {
            return reader.catalogue();
        }
    }

    private WeightDelta weights(long number) {
        try (WeightReader reader = new WeightReader(TestBroker.clientProperties(), topics)) {
            Fetched fetched = reader.fetch(
                    reader.find(new VersionId(DomainId.DEFAULT, number)).orElseThrow());
            return ((Fetched.Weights) fetched).delta();
        }
    }

    private static FloatTensor scores(ModelGraph graph, WeightDelta delta, FloatTensor rows) throws Exception {
        try (ModelSession session = ModelSession.open(graph, delta, SessionSettings.defaults())) {
            return session.run(rows);
        }
    }

    private static void ensure(Topics of) {
        try (Admin admin = Admin.create(TestBroker.clientProperties())) {
            TopicCreator.ensure(admin, of, TopicPlan.DEFAULT);
        }
    }

    private static ModelGraph bundled() {
        try {
            return ModelOptions.bundled();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
