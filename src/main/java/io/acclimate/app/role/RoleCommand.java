package io.acclimate.app.role;

import io.acclimate.app.options.HttpOptions;
import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.options.LogOptions;
import io.acclimate.app.options.MetricsOptions;
import io.acclimate.app.options.TopicOptions;
import io.acclimate.app.process.Node;
import io.acclimate.app.process.Role;
import io.acclimate.app.process.Shutdown;
import io.acclimate.app.process.Waiting;
import io.acclimate.kafka.Rights;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A process that runs one role on an existing Kafka: it starts, says when it is ready, and stops on SIGTERM. */
abstract class RoleCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RoleCommand.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    HttpOptions http = new HttpOptions();

    @Mixin
    MetricsOptions metrics = new MetricsOptions();

    @Mixin
    TopicOptions topicOptions = new TopicOptions();

    @Mixin
    LogOptions logs = new LogOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file with any of these options.")
    Optional<Path> config = Optional.empty();

    @Option(
            names = "--instance",
            description = "The name of this instance. Two live instances of a role must have different names"
                    + " (default: host and process id).")
    Optional<String> instance = Optional.empty();

    /** What the process says of itself at its start; the roles add to it. */
    final StartLine start = new StartLine();

    /** The schemas that the roles need from a schema registry; most roles need none. */
    final RegisteredSchemas schemas = new RegisteredSchemas();

    String instanceName() throws Exception {
        return instance.isPresent()
                ? instance.get()
                : InetAddress.getLocalHost().getHostName() + "-"
                        + ProcessHandle.current().pid();
    }

    /** The topics, group and instance of a role in its start line. */
    void say(List<String> read, List<String> written, String group) throws Exception {
        start.topics(read, written).group(kafka.topicPrefix, group).fact("instance", instanceName());
    }

    /** What the user of the role must be allowed to do with topics. */
    abstract Rights rights(Topics topics);

    /** The roles to run, in the order in which they start. */
    abstract List<Role> roles(Telemetry telemetry) throws Exception;

    /** Answers metrics and health; the web role answers more. */
    WebRole web(Telemetry telemetry, Node node) throws Exception {
        return WebRole.of(http, telemetry, node.checks());
    }

    private List<Role> afterWaiting(EnsuredTopics ensured, List<Role> roles) {
        List<Role> all = new ArrayList<>(List.of(ensured.role()));
        schemas.role().ifPresent(all::add);
        all.addAll(roles);
        return all;
    }

    @Override
    public Integer call() throws Exception {
        logs.apply();
        start.fact("Kafka", String.valueOf(kafka.clientProperties().get("bootstrap.servers")));
        EnsuredTopics ensured =
                new EnsuredTopics(topicOptions, kafka.clientProperties(), kafka.topics(), rights(kafka.topics()));
        ensured.begin();
        try (Shutdown shutdown = new Shutdown();
                Telemetry telemetry = metrics.telemetry();
                Node node = new Node(afterWaiting(ensured, roles(telemetry)));
                WebRole web = web(telemetry, node)) {
            LOG.info("{}", start.text(spec));
            node.prepare();
            // HTTP first: liveness and readiness are true while the roles still wait for brokers or a schema registry.
            web.start();
            if (!ensured.await(shutdown) || !schemas.await(shutdown)) {
                return 0;
            }
            node.start();
            LOG.info("started{}", web.url().map(url -> ", " + url).orElse(""));
            Waiting waiting = new Waiting(node::waitingFor, LOG::info);
            do {
                waiting.look();
            } while (!shutdown.await(BETWEEN_LOOKS));
        }
        return 0;
    }
}
