package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Outcome;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.DeadLetters.DeadLetter;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.TopicCreator;
import io.acclimate.wire.TopicPlan;
import io.acclimate.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniBatchFaultIT {
    /** What a broker takes by default, less the framing of a label record. */
    private static final int LARGEST = 1_048_588 - 200;

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final Topics topics = TestBroker.uniqueTopics();
    private final List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
    private final List<String> batched = new ArrayList<>();
    private KafkaProducer<byte[], byte[]> producer;
    private KafkaConsumer<byte[], byte[]> consumer;
    private Admin admin;

    @BeforeEach
    void open() {
        admin = Admin.create(TestBroker.clientProperties());
        TopicCreator.ensure(admin, topics, TopicPlan.DEFAULT);
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("max.request.size", 4 << 20);
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        Map<String, Object> reading = new HashMap<>(TestBroker.clientProperties());
        reading.put("group.id", topics.prefix() + "reader");
        reading.put("isolation.level", "read_committed");
        reading.put("auto.offset.reset", "earliest");
        reading.put("metadata.max.age.ms", "1000");
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
    void fault19RefusesAnImageAboveTheLimitAtTheProducerAndPassesTheLargest() throws Exception {
        assertThatThrownBy(() -> send("over", "boot", LARGEST + 1_000))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RecordTooLargeException.class);
        try (MiniBatching role = start()) {
            send("bad", "sandal", LARGEST);
            send("good", "boot", LARGEST);

            await().atMost(PATIENCE).until(() -> read() && letters.size() == 1 && batched.size() == 1);

            assertThat(letters.get(0).value()).isNull();
            DeadLetter letter = ((Outcome.Ok<DeadLetter>) DeadLetters.parse(letters.get(0))).value();
            assertThat(letter.droppedValue()).isPresent();
            assertThat(letter.input().topic()).isEqualTo(topics.labels());
            assertThat(role.check()).isEqualTo(Health.READY);
        }
    }

    @Test
    void fault20StopsWhileDeadLettersCannotBeWrittenAndLosesNone() throws Exception {
        try (MiniBatching role = start()) {
            await().atMost(PATIENCE).until(() -> role.check().equals(Health.READY));
            admin.deleteTopics(List.of(topics.deadLetters())).all().get();
            await().atMost(PATIENCE)
                    .until(() -> !admin.listTopics().names().get().contains(topics.deadLetters()));

            send("bad", "sandal", 10);
            send("good", "boot", 10);

            await().atMost(PATIENCE)
                    .until(() -> read()
                            && role.check() instanceof Health.NotReady notReady
                            && notReady.waitingFor().contains(topics.deadLetters()));
            assertThat(letters).isEmpty();
            TopicCreator.ensure(admin, topics, TopicPlan.DEFAULT);
            await().atMost(PATIENCE).until(() -> read() && letters.size() == 1 && batched.size() == 1);
            await().atMost(PATIENCE).until(() -> role.check().equals(Health.READY));
        }
        read();
        assertThat(letters).hasSize(1);
        assertThat(batched).containsExactly("good");
    }

    @Test
    void fault20StopsWhileWritingDeadLettersIsDeniedNamesTheRightAndLosesNone() throws Exception {
        try (MiniBatching role = start()) {
            await().atMost(PATIENCE).until(() -> role.check().equals(Health.READY));
            TestBroker.denyWrite(admin, topics.deadLetters());

            send("bad", "sandal", 10);
            send("good", "boot", 10);

            await().atMost(PATIENCE)
                    .until(() -> read()
                            && role.check() instanceof Health.NotReady notReady
                            && notReady.waitingFor().contains("grant WRITE on topic " + topics.deadLetters()));
            assertThat(letters).isEmpty();
            TestBroker.allowWrite(admin, topics.deadLetters());
            await().atMost(PATIENCE).until(() -> read() && letters.size() == 1 && batched.size() == 1);
        }
        read();
        assertThat(letters).hasSize(1);
        assertThat(batched).containsExactly("good");
    }

    @Test
    void fault24WithAFullDiskInTheStateFolderItIsNotReadySaysWhyAndLosesNone() throws Exception {
        FullDisk.FULL.set(true);
        try (MiniBatching role = start(Map.of("rocksdb.config.setter", FullDisk.class.getName()))) {
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                sent.add("image-" + i);
                send("image-" + i, "boot", 100_000);
            }
            await().atMost(PATIENCE)
                    .until(() -> read()
                            && role.check() instanceof Health.NotReady notReady
                            && notReady.waitingFor().contains("space"));

            FullDisk.FULL.set(false);

            await().atMost(PATIENCE).until(() -> read() && batched.size() >= sent.size());
            await().atMost(PATIENCE).until(() -> role.check().equals(Health.READY));
            assertThat(batched).containsExactlyElementsOf(sent);
        } finally {
            FullDisk.FULL.set(false);
        }
    }

    private MiniBatching start() {
        return start(Map.of());
    }

    private MiniBatching start(Map<String, Object> more) {
        Map<String, Object> client = new HashMap<>(TestBroker.clientProperties());
        client.putAll(more);
        MiniBatchSettings settings = MiniBatchSettings.defaults().withStateDir(directory);
        MiniBatching role = new MiniBatching(client, topics, LabelStream.CLASSES, settings, Telemetry.inMemory());
        role.start();
        return role;
    }

    private void send(String image, String label, int bytes) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.labels(), 0, utf8(image), new byte[bytes]);
        record.headers().add("label", utf8(label));
        producer.send(record).get();
    }

    private boolean read() {
        MiniBatchCodec codec = new MiniBatchCodec();
        consumer.poll(Duration.ofMillis(50)).forEach(record -> {
            if (record.topic().equals(topics.deadLetters())) {
                letters.add(record);
            } else {
                MiniBatch batch = codec.decode(record.value());
                batched.addAll(LabelStream.images(batch));
            }
        });
        return true;
    }
}
