package io.acclimate.app.role;

import io.acclimate.app.options.HttpOptions;
import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.options.TopicOptions;
import io.acclimate.telemetry.Telemetry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A long-running process of one role against somebody's Kafka: starts, says when it is ready, stops on SIGTERM. */
abstract class RoleCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RoleCommand.class);
    private static final Duration BETWEEN_CHECKS = Duration.ofMillis(50);

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    HttpOptions http = new HttpOptions();

    @Mixin
    TopicOptions topicOptions = new TopicOptions();

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with any of these options.")
    Optional<Path> config = Optional.empty();

    @Option(
            names = "--instance",
            description = "Names this instance; two live ones of a role must differ (default: host and process id).")
    Optional<String> instance = Optional.empty();

    String instanceName() throws Exception {
        return instance.isPresent()
                ? instance.get()
                : InetAddress.getLocalHost().getHostName() + "-"
                        + ProcessHandle.current().pid();
    }

    /** The roles to run, in the order in which they start. */
    abstract List<Role> roles(Telemetry telemetry) throws Exception;

    /** Metrics and health; the web role shows more. */
    WebRole web(Telemetry telemetry, Node node) throws Exception {
        return WebRole.of(http, telemetry, node.checks());
    }

    @Override
    public Integer call() throws Exception {
        try (Shutdown shutdown = new Shutdown();
                Telemetry telemetry = Telemetry.prometheus();
                Node node = new Node(roles(telemetry));
                WebRole web = web(telemetry, node)) {
            // HTTP first: liveness and readiness are true while the roles still wait for the brokers.
            web.start();
            if (!topicsAreThere(shutdown)) {
                return 0;
            }
            node.start();
            LOG.info("started{}", web.url().map(url -> ", " + url).orElse(""));
            shutdown.await();
        }
        return 0;
    }

    /** On a thread of its own, so that a stop need not wait for brokers that are away. False when the stop came first. */
    private boolean topicsAreThere(Shutdown shutdown) throws Exception {
        Map<String, Object> client = kafka.clientProperties();
        FutureTask<Boolean> ensuring = new FutureTask<>(() -> topicOptions.ensure(client, kafka.topics()), true);
        Thread thread = new Thread(ensuring, "topics");
        thread.setDaemon(true);
        thread.start();
        while (!ensuring.isDone()) {
            if (shutdown.await(BETWEEN_CHECKS)) {
                return false;
            }
        }
        try {
            return ensuring.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
