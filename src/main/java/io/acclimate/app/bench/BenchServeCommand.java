package io.acclimate.app.bench;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Prediction;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.dataset.Shift;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.image.RgbImage;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.InvalidModelException;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.serve.Delivery;
import io.acclimate.serve.ServeSettings;
import io.acclimate.serve.Serving;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.train.SmallCnn;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.TopicCreator;
import io.acclimate.wire.TopicPlan;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench serve}: serving against the sum of its parts and against the per-record way, in one run. */
@Command(
        name = "serve",
        description = {
            "Serves PNG images of 32x32 on a broker in a JVM of its own and compares within this run: the limit (ONNX Runtime,"
                    + " decode and Kafka each alone), serving, and Kafka Streams with one run per record.",
            "Exit code 1 when a bar is missed."
        })
final class BenchServeCommand implements Callable<Integer> {
    private static final int RUN_BATCH = 32;
    private static final int SIDE = 32;
    private static final String PASSED = "bench-passed";
    private static final String PER_RECORD_WAY = "per record (Kafka Streams)";
    private static final String PER_RECORD = "bench-per-record";

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--model",
            paramLabel = "FILE.onnx",
            description = "Model of 32x32 RGB images (default: the bundled one's network with fresh weights).")
    Optional<Path> model = Optional.empty();

    @Option(names = "--images", description = "Images of one pass (default: ${DEFAULT-VALUE}).", defaultValue = "60000")
    int images = 60_000;

    @Option(
            names = "--rounds",
            description = "Passes of each; the best counts (default: ${DEFAULT-VALUE}).",
            defaultValue = "5")
    int rounds = 5;

    @Option(names = "--workers", description = "Threads of each (default: ${DEFAULT-VALUE}).", defaultValue = "2")
    int workers = 2;

    @Option(
            names = "--only",
            description = "Measure only parts whose name begins so, to profile them.",
            defaultValue = "")
    String only = "";

    private final Map<String, BenchCost> costs = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        ModelGraph graph = model.isPresent()
                ? ModelGraph.read(model.get())
                : SmallCnn.fresh("bench", Bundled.targetTest().classNames(), 1);
        List<byte[]> files = files();
        try (BenchBroker broker = BenchBroker.start()) {
            prepare(broker.bootstrap(), files);
            for (int round = 0; round < rounds; round++) {
                alone(graph, files);
                passThrough(broker.bootstrap(), round);
                for (Delivery delivery : Delivery.values()) {
                    serve(broker.bootstrap(), graph, delivery, round);
                }
                for (BenchStreams.Sessions sessions : BenchStreams.Sessions.values()) {
                    perRecord(broker.bootstrap(), graph, sessions, round);
                }
                err().println("round " + (round + 1) + " of " + rounds + " done");
            }
        }
        return report(files) ? 0 : 1;
    }

    private static List<byte[]> files() {
        LabelledImages target = Bundled.targetTest();
        List<byte[]> files = new ArrayList<>();
        for (int i = 0; i < target.size(); i++) {
            files.add(Png.encode(Shift.BLEND.apply(framed(target.pixels(i)), 1, i)));
        }
        return files;
    }

    /** Centred on black of 32x32. */
    private static RgbImage framed(RgbImage image) {
        byte[] rgb = new byte[SIDE * SIDE * 3];
        int left = (SIDE - image.width()) / 2;
        int top = (SIDE - image.height()) / 2;
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.rgb(), y * image.width() * 3, rgb, ((top + y) * SIDE + left) * 3, image.width() * 3);
        }
        return RgbImage.wrap(SIDE, SIDE, rgb);
    }

    private void prepare(String bootstrap, List<byte[]> files) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            TopicCreator.ensure(admin, Topics.DEFAULT, TopicPlan.DEFAULT);
            int partitions = TopicPlan.DEFAULT.imagePartitions();
            admin.createTopics(List.of(
                            new NewTopic(PASSED, partitions, (short) 1),
                            new NewTopic(PER_RECORD, partitions, (short) 1)))
                    .all()
                    .get();
        }
        Map<String, Object> producing = Map.of("bootstrap.servers", bootstrap, "batch.size", 256 * 1024);
        try (var producer = new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < images; i++) {
                byte[] key = ("image-" + i).getBytes(StandardCharsets.UTF_8);
                int partition = i % TopicPlan.DEFAULT.imagePartitions();
                var unused = producer.send(
                        new ProducerRecord<>(Topics.DEFAULT.images(), partition, key, files.get(i % files.size())));
            }
        }
    }

    private void alone(ModelGraph graph, List<byte[]> files) throws InvalidModelException {
        ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());
        List<FloatTensor> rows = new ArrayList<>();
        measure(
                "decode alone",
                () -> BenchCost.of(files.size(), () -> {
                    for (byte[] file : files) {
                        var outcome = decoder.toTensor(
                                new Payload(Bytes.wrap(file), Optional.empty()),
                                graph.card().input());
                        if (rows.size() < 100 * RUN_BATCH) {
                            rows.add(((Outcome.Ok<FloatTensor>) outcome).value());
                        }
                    }
                }));
        List<FloatTensor> batches = new ArrayList<>();
        for (int from = 0; from + RUN_BATCH <= rows.size(); from += RUN_BATCH) {
            batches.add(FloatTensor.stack(rows.subList(from, from + RUN_BATCH)));
        }
        try (ModelSession session = ModelSession.open(graph, WeightDelta.EMPTY, SessionSettings.defaults())) {
            measure(
                    "ONNX Runtime alone, batch 32",
                    () -> BenchCost.of(3 * batches.size() * RUN_BATCH, () -> {
                        for (int i = 0; i < 3; i++) {
                            batches.forEach(session::run);
                        }
                    }));
        }
    }

    private void passThrough(String bootstrap, int round) {
        measure("Kafka pass-through alone", () -> {
            try (BenchPassThrough pass = new BenchPassThrough(
                    bootstrap, "bench-pass-" + round, Topics.DEFAULT.images(), PASSED, workers, prediction())) {
                pass.start();
                return BenchCost.whileCounting(images, pass::done);
            }
        });
    }

    private void serve(String bootstrap, ModelGraph graph, Delivery delivery, int round) {
        measure("serve, " + delivery.name().toLowerCase(Locale.ROOT), () -> {
            ServeSettings settings = ServeSettings.defaults()
                    .withGroup("bench-" + delivery + "-" + round)
                    .withWorkers(workers)
                    .withDelivery(delivery);
            Map<String, Object> client = Map.of("bootstrap.servers", bootstrap);
            try (Telemetry telemetry = Telemetry.prometheus();
                    Serving serving = new Serving(client, Topics.DEFAULT, graph, settings, telemetry)) {
                serving.start();
                return BenchCost.whileCounting(images, () -> (long) telemetry.total(Meter.PREDICTIONS));
            }
        });
    }

    private void perRecord(String bootstrap, ModelGraph graph, BenchStreams.Sessions sessions, int round) {
        String name = sessions == BenchStreams.Sessions.DEFAULT ? PER_RECORD_WAY : PER_RECORD_WAY + ", 1 ORT thread";
        measure(name, () -> {
            Path state = Files.createTempDirectory("acclimate-bench-streams");
            try (BenchStreams streams = new BenchStreams(
                    bootstrap,
                    "bench-streams-" + sessions + "-" + round,
                    Topics.DEFAULT.images(),
                    PER_RECORD,
                    workers,
                    graph,
                    state,
                    sessions)) {
                streams.start();
                return BenchCost.whileCounting(images / 3, streams::done);
            }
        });
    }

    private interface Measurement {
        BenchCost take() throws Exception;
    }

    private void measure(String name, Measurement measurement) {
        if (!name.startsWith(only)) {
            return;
        }
        try {
            BenchCost cost = measurement.take();
            err().printf("  %-40s %8.1f us CPU/image %9.0f images/s%n", name, cost.cpuMicros(), cost.imagesPerSecond());
            costs.merge(name, cost, BenchCost::best);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(name + " was interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException(name + " failed: " + e.getMessage(), e);
        }
    }

    private boolean report(List<byte[]> files) {
        long bytes = files.stream().mapToLong(file -> file.length).sum() / files.size();
        out().printf(
                        "%d PNG of 32x32 (%d bytes on average), %d partitions, %d threads, best of %d rounds.%n"
                                + "CPU is that of the client process; the broker runs in another and is not counted.%n%n",
                        images, bytes, TopicPlan.DEFAULT.imagePartitions(), workers, rounds);
        out().printf("%-42s %16s %12s%n", "", "CPU us/image", "images/s");
        costs.forEach(
                (name, cost) -> out().printf("%-42s %16.1f %12.0f%n", name, cost.cpuMicros(), cost.imagesPerSecond()));
        if (!only.isEmpty()) {
            return true;
        }
        double limit = cpu("decode alone") + cpu("ONNX Runtime alone, batch 32") + cpu("Kafka pass-through alone");
        out().printf("%-42s %16.1f%n%n", "limit: the sum of the three alone", limit);
        boolean cpu = bar("CPU per image / limit", cpu("serve, exactly_once") / limit, "<=", 2.0);
        boolean speed = bar("images/s / per record", speed("serve, exactly_once") / speed(PER_RECORD_WAY), ">=", 3.0);
        boolean delivery = bar(
                "images/s exactly / at least once",
                speed("serve, exactly_once") / speed("serve, at_least_once"),
                ">=",
                0.8);
        out().printf("%-42s %16.2f%n", "CPU per record / serve", cpu(PER_RECORD_WAY) / cpu("serve, exactly_once"));
        out().flush();
        return cpu && speed && delivery;
    }

    private boolean bar(String name, double ratio, String comparison, double bar) {
        boolean holds = comparison.equals("<=") ? ratio <= bar : ratio >= bar;
        out().printf("%-42s %16.2f   %s %.1f: %s%n", name, ratio, comparison, bar, holds ? "ok" : "MISSED");
        return holds;
    }

    private double cpu(String name) {
        return cost(name).cpuMicros();
    }

    private double speed(String name) {
        return cost(name).imagesPerSecond();
    }

    private BenchCost cost(String name) {
        return Optional.ofNullable(costs.get(name)).orElseThrow();
    }

    private static byte[] prediction() {
        List<ClassScore> top = List.of(
                new ClassScore(3, "Dress", 0.61234f),
                new ClassScore(4, "Coat", 0.21234f),
                new ClassScore(6, "Shirt", 0.11234f));
        return new PredictionCodec(WireFormat.JSON)
                .encode(new Prediction(
                        new ImageId("image-12345"),
                        DomainId.DEFAULT,
                        top,
                        0,
                        new Coordinates("images", 1, 12345),
                        Instant.ofEpochMilli(1_700_000_000_123L),
                        Duration.ofMillis(12_345)));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
