package io.acclimate.broker;

import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The broker that all ITs of a JVM share: embedded, or a container when {@code -Dacclimate.test.broker=container}.
 * Tests keep apart by the prefix of their topics, {@link #uniqueTopics}, and by group names under the same prefix.
 */
public final class TestBroker {
    /** As in docker-compose.yml, which says why it is not the version of the build. */
    static final String IMAGE = "apache/kafka:4.3.1";

    private static final AtomicInteger NUMBER = new AtomicInteger();
    /** Allows all until a topic has a rule of its own. */
    private static final Map<String, String> AUTHORIZER = Map.of(
            "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found", "true");

    private TestBroker() {}

    public static String bootstrapServers() {
        return Shared.BOOTSTRAP;
    }

    /** What every client needs to reach the broker. */
    public static Map<String, Object> clientProperties() {
        return Map.of("bootstrap.servers", bootstrapServers());
    }

    /** Topic names that no other test uses. */
    public static Topics uniqueTopics() {
        return new Topics("t" + NUMBER.incrementAndGet() + "-" + Long.toHexString(System.nanoTime()) + "-");
    }

    /** With the default partitions; those that are there already are checked. */
    public static void createTopics(Topics topics) {
        try (Admin admin = Admin.create(clientProperties())) {
            TopicCreator.ensure(admin, topics, TopicPlan.DEFAULT);
        }
    }

    public static KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** From here on nobody may write to {@code topic}, until {@link #allowWrite}. */
    public static void denyWrite(Admin admin, String topic) throws Exception {
        admin.createAcls(List.of(
                        rule(topic, AclOperation.ALL, AclPermissionType.ALLOW),
                        rule(topic, AclOperation.WRITE, AclPermissionType.DENY)))
                .all()
                .get();
    }

    /** From here on nobody may change the settings of {@code topic}. */
    public static void denySettings(Admin admin, String topic) throws Exception {
        admin.createAcls(List.of(
                        rule(topic, AclOperation.ALL, AclPermissionType.ALLOW),
                        rule(topic, AclOperation.ALTER_CONFIGS, AclPermissionType.DENY)))
                .all()
                .get();
    }

    public static void allowWrite(Admin admin, String topic) throws Exception {
        admin.deleteAcls(List.of(
                        rule(topic, AclOperation.WRITE, AclPermissionType.DENY).toFilter()))
                .all()
                .get();
    }

    private static AclBinding rule(String topic, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:*", "*", operation, permission));
    }

    /** Started by the first test that asks, stopped with the JVM. */
    private static final class Shared {
        static final String BOOTSTRAP = start();

        private static String start() {
            if ("container".equals(System.getProperty("acclimate.test.broker"))) {
                return startContainer();
            }
            try {
                Path directory = Files.createTempDirectory("acclimate-broker");
                EmbeddedBroker broker = EmbeddedBroker.start(new EmbeddedBrokerSettings(directory, 0, AUTHORIZER));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    broker.close();
                    delete(directory);
                }));
                return broker.bootstrapServers();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        // Testcontainers' reaper stops it with the JVM.
        @SuppressWarnings("resource")
        private static String startContainer() {
            KafkaContainer container = new KafkaContainer(IMAGE)
                    .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                    .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
            AUTHORIZER.forEach((name, value) ->
                    container.addEnv("KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
            container.start();
            return container.getBootstrapServers();
        }

        private static void delete(Path directory) {
            try (var files = Files.walk(directory)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
