package io.acclimate.app.bench;

import io.acclimate.app.role.RoleSettings;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.core.Bytes;
import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.Membership;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Prediction;
import io.acclimate.dataset.Bundled;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.serve.Delivery;
import io.acclimate.serve.ServeSettings;
import io.acclimate.serve.Serving;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.train.offline.SmallCnn;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench serve}: compares serving with the sum of its parts and with one run of the model per record, in one run. */
@Command(
        name = "serve",
        description = {
            "Compares serving with its limit and with Kafka Streams that runs the model once per record.",
            "It serves small PNG files, or pictures of yours, on a broker in a JVM of its own. The limit is the sum of decoding, ONNX Runtime and"
                    + " Kafka, each measured alone. The exit code is 1 when a bar is missed."
        })
final class BenchServeCommand implements Callable<Integer> {
    private static final int RUN_BATCH = 32;
    /** The most values of all rows that the model alone runs on. */
    private static final long RUN_VALUES = 10_000_000;

    private static final String PASSED = "bench-passed";
    private static final String PER_RECORD = "bench-per-record";

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--model",
            paramLabel = "FILE.onnx",
            description = "A model of RGB images (default: the bundled one's network with fresh weights, of 32x32).")
    Optional<Path> model = Optional.empty();

    @Option(
            names = "--pictures",
            paramLabel = "DIR",
            description = "A folder of pictures, which are sent over and over (default: PNG of 32x32).")
    Optional<Path> pictures = Optional.empty();

    @Option(names = "--images", description = "Images of one pass (default: ${DEFAULT-VALUE}).")
    int images = 60_000;

    @Option(
            names = "--rounds",
            description = "Passes of each part, of which the best counts (default: ${DEFAULT-VALUE}).")
    int rounds = 5;

    @Option(names = "--workers", description = "Threads of each part (default: ${DEFAULT-VALUE}).")
    int workers;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "Measure only the parts whose name begins with this, to profile them (default: all parts).")
    String only = "";

    @Mixin
    JsonOption json = new JsonOption();

    private final RoleSettings defaults;

    BenchServeCommand() {
        this(RoleSettings.defaults());
    }

    BenchServeCommand(RoleSettings defaults) {
        this.defaults = defaults;
        this.workers = defaults.serve().workers();
    }

    /** The settings that {@code serve} runs by default, in a group of its own for each pass. */
    ServeSettings settings(Delivery delivery, int round) {
        return defaults.serve()
                .withMembership(Membership.of("bench-" + delivery + "-" + round))
                .withWorkers(workers)
                .withDelivery(delivery);
    }

    @Override
    public Integer call() throws Exception {
        ModelGraph graph = model.isPresent()
                ? ModelGraph.read(model.get())
                : SmallCnn.fresh("bench", Bundled.targetTest().classNames(), 1);
        BenchPictures sent = pictures.isPresent() ? BenchPictures.of(pictures.get()) : BenchPictures.made();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        BenchTable table = new BenchTable(err, only);
        try (BenchBroker broker = BenchBroker.start()) {
            prepare(broker.bootstrap(), sent.files());
            for (int round = 0; round < rounds; round++) {
                alone(table, graph, sent.files());
                passThrough(table, broker.bootstrap(), round);
                for (Delivery delivery : Delivery.values()) {
                    serve(table, broker.bootstrap(), graph, delivery, round);
                }
                for (BenchStreams.Sessions sessions : BenchStreams.Sessions.values()) {
                    perRecord(table, broker.bootstrap(), graph, sessions, round);
                }
                err.println("round " + (round + 1) + " of " + rounds + " done");
            }
        }
        BenchResult result = new BenchResult(
                "serve", Map.of("images", images, "rounds", rounds, "workers", workers), List.of(table.result()));
        if (json.asked()) {
            JsonOption.print(result.json(), out);
            return result.holds() ? 0 : 1;
        }
        out.printf(
                "%d %s (%d bytes on average), %d partitions, %d threads, best of %d rounds.%n"
                        + "CPU is that of the client process; the broker runs in another and is not counted.%n%n",
                images, sent.name(), sent.bytesOnAverage(), TopicPlan.DEFAULT.imagePartitions(), workers, rounds);
        table.print(out);
        return result.holds() ? 0 : 1;
    }

    private void prepare(String bootstrap, List<Bytes> files) throws Exception {
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
                byte[] file = files.get(i % files.size()).array();
                var unused = producer.send(new ProducerRecord<>(Topics.DEFAULT.images(), partition, key, file));
            }
        }
    }

    private void alone(BenchTable table, ModelGraph graph, List<Bytes> files) throws InvalidModelException {
        ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());
        ModelInput input = graph.card().input();
        // Many, since the clock of a process's CPU has steps of 10 ms on some systems.
        int alone = images / 3;
        int passes = Math.max(1, alone / files.size());
        table.measure(
                BenchTable.DECODE,
                () -> BenchCost.of(passes * files.size(), () -> {
                    for (int pass = 0; pass < passes; pass++) {
                        files.forEach(file -> decode(decoder, file, input));
                    }
                }));
        int rows = Math.min(RUN_BATCH, defaults.serve().batches().rows(input));
        List<FloatTensor> batches = new ArrayList<>();
        for (int from = 0;
                from + rows <= files.size() && (long) from * input.row().elements() < RUN_VALUES;
                from += rows) {
            batches.add(FloatTensor.stack(files.subList(from, from + rows).stream()
                    .map(file -> decode(decoder, file, input))
                    .toList()));
        }
        int runs = Math.max(1, alone / rows / batches.size());
        try (ModelSession session = ModelSession.open(graph, WeightDelta.EMPTY, SessionSettings.defaults())) {
            table.measure(
                    BenchTable.RUN,
                    () -> BenchCost.of(runs * batches.size() * rows, () -> {
                        for (int run = 0; run < runs; run++) {
                            batches.forEach(session::run);
                        }
                    }));
        }
    }

    private static FloatTensor decode(ImageDecoder decoder, Bytes file, ModelInput input) {
        return ((Outcome.Ok<FloatTensor>) decoder.toTensor(new Payload(file, Optional.empty()), input)).value();
    }

    private void passThrough(BenchTable table, String bootstrap, int round) {
        table.measure(BenchTable.PASS_THROUGH, () -> {
            try (BenchPassThrough pass = new BenchPassThrough(
                    bootstrap,
                    new BenchPassThrough.Route("bench-pass-" + round, Topics.DEFAULT.images(), PASSED),
                    workers,
                    defaults.serve().batches().maxPollRecords(),
                    prediction())) {
                pass.start();
                return BenchCost.whileCounting(images, pass::done);
            }
        });
    }

    private void serve(BenchTable table, String bootstrap, ModelGraph graph, Delivery delivery, int round) {
        String name = delivery == Delivery.EXACTLY_ONCE ? BenchTable.EXACTLY_ONCE : BenchTable.AT_LEAST_ONCE;
        table.measure(name, () -> {
            Map<String, Object> client = Map.of("bootstrap.servers", bootstrap);
            try (Telemetry telemetry = Telemetry.prometheus();
                    Serving serving =
                            new Serving(client, Topics.DEFAULT, graph, settings(delivery, round), telemetry)) {
                serving.start();
                return BenchCost.whileCounting(images, () -> (long) telemetry.total(Meter.PREDICTIONS));
            }
        });
    }

    private void perRecord(
            BenchTable table, String bootstrap, ModelGraph graph, BenchStreams.Sessions sessions, int round) {
        String name = sessions == BenchStreams.Sessions.DEFAULT
                ? BenchTable.PER_RECORD
                : BenchTable.PER_RECORD + ", 1 ORT thread";
        table.measure(name, () -> {
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
}
