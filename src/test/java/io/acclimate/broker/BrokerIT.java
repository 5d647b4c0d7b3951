package io.acclimate.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @Test
    void keepsItsDataOverARestart(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(new EmbeddedBrokerSettings(directory, 0))) {
            try (Admin admin = Admin.create(properties(broker))) {
                TopicCreator.ensure(admin, Topics.DEFAULT, TopicPlan.DEFAULT);
            }
            produceInTransaction(broker, "first");
        }
        long started = System.nanoTime();
        try (EmbeddedBroker broker = EmbeddedBroker.start(new EmbeddedBrokerSettings(directory, 0))) {
            System.err.println("broker restarted in "
                    + Duration.ofNanos(System.nanoTime() - started).toMillis() + " ms");
            produceInTransaction(broker, "second");
            assertThat(consume(broker, 2)).containsExactly("first", "second");
        }
    }

    @Test
    void startsOnWhatAKilledBrokerLeft(@TempDir Path directory, @TempDir Path killed) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(new EmbeddedBrokerSettings(directory, 0))) {
            try (Admin admin = Admin.create(properties(broker))) {
                TopicCreator.ensure(admin, Topics.DEFAULT, TopicPlan.DEFAULT);
            }
            produceInTransaction(broker, "first");
            // The end of the transaction stands in its partition too, which a commit does not wait for.
            assertThat(consume(broker, 1)).containsExactly("first");
            copy(directory, killed);
        }
        assertThat(UncleanStop.left(killed)).isTrue();
        assertThat(UncleanStop.left(directory)).isFalse();
        try (EmbeddedBroker broker = EmbeddedBroker.start(new EmbeddedBrokerSettings(killed, 0))) {
            produceInTransaction(broker, "second");
            assertThat(consume(broker, 2)).containsExactly("first", "second");
        }
    }

    @Test
    void aFolderThatIsOnlyFormattedWaitsForNoSessionOfABroker(@TempDir Path directory) {
        EmbeddedBroker.format(directory);

        assertThat(UncleanStop.left(directory)).isFalse();
    }

    /** As a kill leaves them: what was written stands there, what an orderly stop writes does not. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path each : files.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else if (!each.endsWith(".lock")) {
                    copyIfThere(each, target);
                }
            }
        }
    }

    /** The broker writes its checkpoints to files that it renames at once. */
    private static void copyIfThere(Path from, Path to) throws IOException {
        try {
            Files.copy(from, to);
        } catch (NoSuchFileException e) {
            assertThat(from.toString()).endsWith(".tmp");
        }
    }

    @Test
    void refusesABusyPort(@TempDir Path directory) {
        int busy = Integer.parseInt(TestBroker.bootstrapServers().split(":", 2)[1]);
        assertThatThrownBy(() -> EmbeddedBroker.start(new EmbeddedBrokerSettings(directory, busy)))
                .hasMessageContaining("port " + busy);
    }

    @Test
    void createsTopicsOnceAndNamesThoseThatCannotWork() throws Exception {
        Topics topics = TestBroker.uniqueTopics();
        try (Admin admin = Admin.create(TestBroker.clientProperties())) {
            admin.createTopics(List.of(new NewTopic(topics.images(), Optional.of(3), Optional.empty())))
                    .all()
                    .get();
            // The controller has made it; the broker hears of it a moment later.
            await().atMost(LIMIT).until(() -> admin.listTopics().names().get().contains(topics.images()));
            TopicCreator.ensure(admin, topics, TopicPlan.DEFAULT);
            TopicCreator.ensure(admin, topics, TopicPlan.DEFAULT);
            assertThat(admin.describeTopics(List.of(topics.predictions()))
                            .allTopicNames()
                            .get())
                    .hasEntrySatisfying(topics.predictions(), description -> assertThat(description.partitions())
                            .hasSize(3));

            Topics wrong = TestBroker.uniqueTopics();
            admin.createTopics(List.of(
                            new NewTopic(wrong.images(), Optional.of(3), Optional.empty()),
                            new NewTopic(wrong.predictions(), Optional.of(2), Optional.empty()),
                            new NewTopic(wrong.modelVersions(), Optional.of(4), Optional.empty())))
                    .all()
                    .get();
            await().atMost(LIMIT).until(() -> admin.listTopics()
                    .names()
                    .get()
                    .containsAll(List.of(wrong.images(), wrong.predictions(), wrong.modelVersions())));
            assertThatThrownBy(() -> TopicCreator.ensure(admin, wrong, TopicPlan.DEFAULT))
                    .hasMessageContaining(wrong.predictions() + " has 2 partitions")
                    .hasMessageContaining(wrong.modelVersions() + " has cleanup.policy=delete");
        }
    }

    private static Map<String, Object> properties(EmbeddedBroker broker) {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private static void produceInTransaction(EmbeddedBroker broker, String value) throws Exception {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "broker-it");
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(Topics.DEFAULT.images(), 0, "key", value))
                    .get();
            producer.commitTransaction();
        }
    }

    private static List<String> consume(EmbeddedBroker broker, int count) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest");
        var partition = new TopicPartition(Topics.DEFAULT.images(), 0);
        List<String> values = new java.util.ArrayList<>();
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
