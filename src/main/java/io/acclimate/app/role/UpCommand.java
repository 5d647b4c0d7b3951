package io.acclimate.app.role;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.UnlabelledSettings;
import io.acclimate.app.data.SourceData;
import io.acclimate.app.memory.MemoryEstimate;
import io.acclimate.app.memory.MemoryOption;
import io.acclimate.app.options.ClientOptions;
import io.acclimate.app.options.HttpOptions;
import io.acclimate.app.options.HttpPort;
import io.acclimate.app.options.LogOptions;
import io.acclimate.app.options.MetricsOptions;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.options.SchemaRegistryOptions;
import io.acclimate.app.options.TopicOptions;
import io.acclimate.app.process.LocalKafka;
import io.acclimate.app.process.Node;
import io.acclimate.app.process.Ports;
import io.acclimate.app.process.Role;
import io.acclimate.app.process.Shutdown;
import io.acclimate.app.process.Waiting;
import io.acclimate.app.watch.FeedFollower;
import io.acclimate.app.watch.FollowedVersions;
import io.acclimate.app.watch.LiveWatcher;
import io.acclimate.app.watch.WatchedLag;
import io.acclimate.app.watch.WatchedSizes;
import io.acclimate.broker.EmbeddedBrokerSettings;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.train.Samples;
import io.acclimate.web.LiveFeed;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.TopicSchema;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code up}: all roles and a broker that keeps its data, in one process. */
@Command(
        name = "up",
        description = "Runs the whole service on one machine: an embedded broker that keeps its data, and all roles.")
public final class UpCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(UpCommand.class);
    private static final String INSTANCE = "up";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final Duration BETWEEN_CHECKS = Duration.ofMillis(50);

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "The directory that keeps topics and buffers (default: ${DEFAULT-VALUE}).")
    Path dataDir = Path.of("acclimate-data");

    @Option(
            names = "--kafka-port",
            description = "The port of the embedded broker; when it is 0 or busy, a free one is taken"
                    + " (default: ${DEFAULT-VALUE}).")
    int kafkaPort = EmbeddedBrokerSettings.DEFAULT_PORT;

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description =
                    "A file that is written once all roles are ready, with the lines kafka=HOST:PORT and http=URL.")
    Optional<Path> readyFile = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file with any of these options.")
    Optional<Path> config = Optional.empty();

    @Mixin
    LogOptions logs = new LogOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    ClientOptions clients = new ClientOptions();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    ServeOptions serve;

    @Mixin
    MinibatchOptions minibatch;

    @Mixin
    AdaptOptions adapt;

    @Mixin
    HttpOptions http = new HttpOptions();

    @Mixin
    MetricsOptions metrics = new MetricsOptions();

    @Mixin
    MemoryOption memory = new MemoryOption();

    @Mixin
    SchemaRegistryOptions registry = new SchemaRegistryOptions();

    private final RegisteredSchemas schemas = new RegisteredSchemas();

    public UpCommand() {
        this(RoleSettings.defaults());
    }

    public UpCommand(RoleSettings defaults) {
        this.serve = new ServeOptions(defaults.serve());
        this.minibatch = new MinibatchOptions(defaults.miniBatch());
        this.adapt = new AdaptOptions(defaults.adapt());
    }

    /** The settings of the roles, which write predictions and events in the encodings given. */
    RoleSettings settings(Encoding predictions, Encoding events) {
        AdaptSettings learning = adapt.settings(INSTANCE, events);
        MiniBatchSettings batching = minibatch.settings(INSTANCE, dataDir.resolve("minibatch"));
        boolean sampled =
                batching.unlabelled().images() > 0 || learning.unlabelled().use() == UnlabelledSettings.Use.OFF;
        return new RoleSettings(
                serve.settings(INSTANCE, predictions),
                sampled ? batching : batching.withUnlabelled(MiniBatchSettings.Sampling.ON),
                learning);
    }

    @Override
    public Integer call() throws Exception {
        logs.apply();
        Topics topics = Topics.DEFAULT;
        // What a start cannot work with is said before there is a broker, which takes seconds.
        ModelGraph graph = model.graph();
        http.check(System.getenv());
        // This order closes the broker last, because the roles finish their transactions on it.
        try (Shutdown shutdown = new Shutdown();
                LocalKafka kafka = LocalKafka.keeping(dataDir.resolve("kafka"), Ports.freeOr("localhost", kafkaPort));
                Telemetry telemetry = metrics.telemetry()) {
            telemetry.watchDisk(dataDir);
            Map<String, Object> client = clients.clientProperties(kafka.bootstrap());
            new TopicOptions().ensure(client, topics);
            FollowedVersions versions = new FollowedVersions(client, topics, telemetry);
            LiveFeed feed = new LiveFeed();
            HttpPort httpPort = Ports.freeOr(http.host, http.port);
            try (Node node = new Node(roles(client, topics, graph, telemetry, versions, feed));
                    WebRole web = WebRole.of(http, httpPort, telemetry, node.checks(), versions, feed)) {
                web.start();
                if (!schemas.await(shutdown)) {
                    return 0;
                }
                node.start();
                Waiting waiting = new Waiting(node::waitingFor, LOG::info);
                while (!node.waitingFor().isEmpty()) {
                    waiting.look();
                    if (shutdown.await(BETWEEN_CHECKS)) {
                        return 0;
                    }
                }
                System.out.println("ready: Kafka at " + kafka.bootstrap()
                        + web.url().map(url -> ", page at " + url).orElse(""));
                Pipeline.withoutGuesses(node.remarks()).forEach(System.out::println);
                if (readyFile.isPresent()) {
                    announce(readyFile.get(), kafka.bootstrap(), web.url().orElse(""));
                }
                do {
                    waiting.look();
                } while (!shutdown.await(BETWEEN_LOOKS));
            }
        }
        return 0;
    }

    private List<Role> roles(
            Map<String, Object> client,
            Topics topics,
            ModelGraph graph,
            Telemetry telemetry,
            FollowedVersions versions,
            LiveFeed feed)
            throws Exception {
        LOG.info(
                "{}",
                new StartLine()
                        .fact("Kafka", String.valueOf(client.get("bootstrap.servers")))
                        .model(model, graph)
                        .text(spec));
        Pipeline pipeline = new Pipeline(client, topics, graph, telemetry);
        FeedFollower follower = new FeedFollower(
                client,
                topics,
                new PredictionCodec(WireFormat.JSON),
                new EventCodec(WireFormat.JSON),
                new LiveWatcher(feed, prediction -> Optional.empty()));
        Encoding predictions = schemas.encoding(serve.format, registry, TopicSchema.predictions(topics));
        Encoding events = schemas.encoding(adapt.eventFormat, registry, TopicSchema.adaptationEvents(topics));
        RoleSettings settings = settings(predictions, events);
        Optional<Samples> source = SourceData.of(adapt.sourceData, model, graph);
        checkMemory(graph, settings, source, telemetry);
        List<Role> roles = new ArrayList<>(List.of(
                versions,
                Role.of("feed", follower::start, follower::check, follower::close),
                new WatchedSizes(client, topics, telemetry),
                new WatchedLag(client, topics, feed),
                pipeline.serve(settings.serve()),
                pipeline.minibatch(settings.miniBatch()),
                pipeline.adapt(settings.adapt(), source)));
        schemas.role().ifPresent(roles::add);
        return roles;
    }

    /** Refuses what does not suffice. Unless it was told what it may use, the service is of use without enough for adaptation. */
    void checkMemory(ModelGraph graph, RoleSettings settings, Optional<Samples> source, Telemetry telemetry) {
        memory.checkAll(
                MemoryEstimate.serve(graph, settings.serve()),
                MemoryEstimate.up(graph, settings.serve(), settings.miniBatch().streams(), settings.adapt(), source),
                telemetry);
    }

    /** Writes the file in one step, so that a process that waits for it finds it complete. */
    private static void announce(Path file, String bootstrap, String url) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(draft, "kafka=" + bootstrap + "\nhttp=" + url + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
