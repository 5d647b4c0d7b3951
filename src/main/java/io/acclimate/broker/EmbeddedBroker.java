package io.acclimate.broker;

import io.acclimate.core.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A one-node Kafka cluster in this JVM. A second start on the same directory goes on with its data. */
public final class EmbeddedBroker implements AutoCloseable {
    private static final int NODE_ID = 1;
    private static final int BIND_ATTEMPTS = 5;

    private final KafkaRaftServer server;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /** Starts the broker and returns when it serves requests. */
    public static EmbeddedBroker start(EmbeddedBrokerSettings settings) {
        Path directory = settings.logDir().toAbsolutePath();
        if (settings.port() != 0 && isBusy(settings.port())) {
            throw new KafkaException("port " + settings.port() + " on localhost is in use");
        }
        format(directory);
        for (int attempt = 1; ; attempt++) {
            int port = settings.port() == 0 ? freePort() : settings.port();
            int controllerPort = freePort();
            Map<String, Object> properties = properties(directory, port, controllerPort);
            properties.putAll(settings.overrides());
            KafkaRaftServer server = null;
            try {
                if (UncleanStop.left(directory)) {
                    UncleanStop.settle(properties, controllerPort);
                }
                server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
                server.startup();
                return new EmbeddedBroker(server, port);
            } catch (RuntimeException e) {
                if (server != null) {
                    server.shutdown();
                    server.awaitShutdown();
                }
                // Somebody may take a free port before the server binds it.
                if (settings.port() != 0 || !isBindFailure(e) || attempt == BIND_ATTEMPTS) {
                    throw new KafkaException(
                            "the embedded broker did not start on port " + port + " in " + directory + ": "
                                    + e.getMessage(),
                            e);
                }
            }
        }
    }

    public String bootstrapServers() {
        return "localhost:" + port;
    }

    public int port() {
        return port;
    }

    /** Stops in order, with the logs flushed. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    static void format(Path directory) {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try {
            Files.createDirectories(directory);
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setIgnoreFormatted(true)
                    .run();
        } catch (Exception e) {
            throw new KafkaException("cannot format " + directory + " for the embedded broker: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> properties(Path directory, int port, int controllerPort) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(NODE_ID));
        properties.put("listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://localhost:" + port);
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("controller.quorum.voters", NODE_ID + "@localhost:" + controllerPort);
        properties.put("log.dirs", directory.toString());
        // One node: nothing to replicate to.
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            properties.put(topic + ".replication.factor", "1");
            properties.put(topic + ".num.partitions", "4");
        }
        properties.put("transaction.state.log.min.isr", "1");
        // What a killed client left open is given up soon after its timeout, not up to 10 s later.
        properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        // A laptop: small buffers, few threads, groups that form at once.
        // The newest segment is never compacted, and a hundred megabytes of each partition would stay.
        properties.put("transaction.state.log.segment.bytes", Integer.toString(8 << 20));
        properties.put("offsets.topic.segment.bytes", Integer.toString(8 << 20));
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "4");
        properties.put("background.threads", "2");
        properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("broker.heartbeat.interval.ms", "250");
        properties.put("controller.quorum.election.timeout.ms", "200");
        properties.put("controller.quorum.election.backoff.max.ms", "200");
        properties.put("num.partitions", "4");
        // Photographs are larger than the 1 MiB that Kafka takes by default. The limit also counts for topics of
        // earlier versions.
        properties.put("message.max.bytes", Integer.toString(Payload.MAX_BYTES + (1 << 20)));
        // A topic that an early consumer made by asking for it would have the wrong settings.
        properties.put("auto.create.topics.enable", "false");
        return properties;
    }

    private static boolean isBindFailure(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof java.net.BindException) {
                return true;
            }
        }
        return false;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isBusy(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort() != port;
        } catch (IOException e) {
            return true;
        }
    }
}
