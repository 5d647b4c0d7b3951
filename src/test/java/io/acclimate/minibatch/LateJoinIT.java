package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.Coordinates;
import io.acclimate.core.LabelledSample;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.TopicCreator;
import io.acclimate.wire.TopicPlan;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels without bytes against a broker: images lie in partitions that no hash of their id gives. */
class LateJoinIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int IMAGES = 200;

    @TempDir
    Path directory;

    private final Topics topics = TestBroker.uniqueTopics();
    private final Telemetry telemetry = Telemetry.inMemory();
    private final List<LabelledSample> samples = new ArrayList<>();
    private final List<String> letters = new ArrayList<>();
    private KafkaProducer<byte[], byte[]> producer;
    private KafkaConsumer<byte[], byte[]> consumer;
    private Admin admin;

    @BeforeEach
    void open() {
        admin = Admin.create(TestBroker.clientProperties());
        TopicCreator.ensure(admin, topics, TopicPlan.DEFAULT);
        producer = new KafkaProducer<>(
                TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
        Map<String, Object> reading = new HashMap<>(TestBroker.clientProperties());
        reading.put("group.id", topics.prefix() + "reader");
        reading.put("isolation.level", "read_committed");
        reading.put("auto.offset.reset", "earliest");
        consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(topics.miniBatches(), topics.deadLetters()));
    }

    @AfterEach
    void close() {
        consumer.close();
        producer.close();
        admin.close();
    }

    @Test
    void joinsEachLabelToTheBytesOfItsImageAlsoAfterARestartWithoutState() throws Exception {
        try (MiniBatching first = start("one")) {
            await().atMost(PATIENCE).until(() -> first.check().equals(Health.READY));
            for (int i = 0; i < IMAGES; i++) {
                predict(image("image-" + i, i % 4, 2_000), "image-" + i);
            }
            await().atMost(PATIENCE).until(() -> telemetry.total(Meter.IMAGES_INDEXED) >= IMAGES);
            for (int i = 0; i < IMAGES / 2; i++) {
                label("image-" + i);
            }
            await().atMost(PATIENCE).until(() -> read() == IMAGES / 2);
            label("image-early");
            await().atMost(PATIENCE).until(() -> telemetry.total(Meter.LABELS_PENDING) == 1);
        }
        // Another state directory: index and waiting labels come back from Kafka.
        try (MiniBatching second = start("two")) {
            await().atMost(PATIENCE).until(() -> second.check().equals(Health.READY));
            for (int i = IMAGES / 2; i < IMAGES; i++) {
                label("image-" + i);
            }
            label("image-0");
            predict(image("image-early", 3, 900_000), "image-early");
            await().atMost(PATIENCE).until(() -> read() == IMAGES + 2);
        }

        Set<String> joined = new HashSet<>();
        assertThat(samples).hasSize(IMAGES + 1).allSatisfy(sample -> {
            String id = sample.imageId().value();
            assertThat(joined.add(id)).isTrue();
            assertThat(new String(sample.image().bytes().array(), StandardCharsets.UTF_8).trim())
                    .isEqualTo(id);
            assertThat(sample.image().contentType()).contains("image/png");
            assertThat(sample.label().topic()).isEqualTo(topics.labels());
        });
        assertThat(letters).containsExactly("DUPLICATE_LABEL");
    }

    @Test
    void anImageThatRetentionRemovedIsADeadLetterAndThoseAfterItAreJoined() throws Exception {
        RecordMetadata old = image("old", 2, 2_000);
        RecordMetadata young = image("young", 2, 2_000);
        predict(old, "old");
        predict(young, "young");
        TopicPartition partition = new TopicPartition(topics.images(), 2);
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(young.offset())))
                .all()
                .get();

        try (MiniBatching role = start("one")) {
            await().atMost(PATIENCE).until(() -> role.check().equals(Health.READY));
            label("old");
            label("young");
            await().atMost(PATIENCE).until(() -> read() == 2);
        }

        assertThat(letters).containsExactly("MISSING_PIXELS");
        assertThat(samples)
                .singleElement()
                .satisfies(sample -> assertThat(sample.imageId().value()).isEqualTo("young"));
    }

    private MiniBatching start(String instance) {
        MiniBatching role = new MiniBatching(
                TestBroker.clientProperties(),
                topics,
                LabelStream.CLASSES,
                MiniBatchSettings.defaults()
                        .withInstance(instance)
                        .withStateDir(directory)
                        .withLimits(32, 700 << 10, Duration.ofMillis(200))
                        // However long a restart takes, no label gives up meanwhile.
                        .withJoin(JoinSettings.DEFAULT.withPatience(Duration.ofHours(1)))
                        // All labels here are of one class.
                        .withLabelLimits(new LabelLimits(0, 1, 1, 16)),
                telemetry);
        role.start();
        return role;
    }

    private RecordMetadata image(String id, int partition, int size) throws Exception {
        byte[] value = new byte[size];
        System.arraycopy(utf8(id), 0, value, 0, utf8(id).length);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.images(), partition, utf8(id), value);
        record.headers().add("content-type", utf8("image/png"));
        return producer.send(record).get();
    }

    private void predict(RecordMetadata image, String id) throws Exception {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.predictions(), image.partition(), utf8(id), utf8("{}"));
        Coordinates at = new Coordinates(image.topic(), image.partition(), image.offset());
        record.headers().add("ce_id", utf8(at.toString()));
        producer.send(record).get();
    }

    private void label(String id) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.labels(), utf8(id), null);
        record.headers().add("label", utf8("boot"));
        producer.send(record).get();
    }

    /** Labels that have an answer. */
    private int read() {
        consumer.poll(Duration.ofMillis(50)).forEach(record -> {
            if (record.topic().equals(topics.miniBatches())) {
                samples.addAll(new MiniBatchCodec().decode(record.value()).samples());
            } else {
                letters.add(new String(
                        record.headers().lastHeader(DeadLetters.REASON).value(), StandardCharsets.UTF_8));
            }
        });
        return samples.size() + letters.size();
    }
}
