package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.core.Prediction;
import io.acclimate.core.VersionId;
import io.acclimate.infer.BiasModel;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.registry.VersionPublisher;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.TopicCreator;
import io.acclimate.wire.TopicPlan;
import io.acclimate.wire.Topics;
import io.acclimate.wire.VersionCodec;
import io.acclimate.wire.WireFormat;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The life cycle of serving, where the brokers or the topics are not as they should be. */
class ServeFaultIT {
    private static final int PARTITIONS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Topics topics = TestBroker.uniqueTopics();
    private final ModelGraph graph = BiasModel.graph();
    private final Telemetry telemetry = Telemetry.inMemory();
    private final PredictionCodec codec = new PredictionCodec(WireFormat.JSON);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Admin admin = Admin.create(TestBroker.clientProperties());
    private final KafkaProducer<byte[], byte[]> images = producer(Map.of());

    @BeforeEach
    void createTopics() {
        TopicCreator.ensure(admin, topics, new TopicPlan(PARTITIONS, 2, Optional.empty()));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        images.close();
        admin.close();
        telemetry.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void instancesThatComeAndGoUnderLoadLoseAndDoubleNothing(String protocol) throws Exception {
        Map<String, Object> client = client(Map.of("group.protocol", protocol));
        start(client, settings().withInstance("a"));
        send(0, 300);
        Serving second = start(client, settings().withInstance("b"));
        send(300, 600);
        await().atMost(LIMIT).until(() -> telemetry.total(Meter.PREDICTIONS) >= 400);
        second.close();
        send(600, 900);
        start(client, settings().withInstance("b"));
        send(900, 1_200);

        List<ConsumerRecord<byte[], byte[]>> records = read(topics.predictions(), 1_200);
        Map<Integer, Long> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Prediction prediction = codec.decode(record.value());
            assertThat(prediction.input().offset()).isEqualTo(next.merge(record.partition(), 1L, Long::sum) - 1);
        }
        assertThat(records).hasSize(1_200);
    }

    @Test
    void fault16OnAnEmptyVersionsTopicTheSourceModelServesOrServingWaitsAsConfigured() throws Exception {
        send(0, 1);
        Serving waiting = new Serving(
                TestBroker.clientProperties(),
                topics,
                graph,
                settings().withoutVersion(WithoutVersion.WAIT),
                telemetry);
        open.add(waiting);
        waiting.start();
        await().atMost(LIMIT)
                .until(() -> waiting.check() instanceof Health.NotReady notReady
                        && notReady.waitingFor().contains("first active version"));
        assertThat(telemetry.total(Meter.IMAGES_RECEIVED)).isZero();

        publish(1);

        await().atMost(LIMIT).until(waiting::check, Health.READY::equals);
        assertThat(codec.decode(read(topics.predictions(), 1).get(0).value()).modelVersion())
                .isEqualTo(1);
        waiting.close();

        // All versions are tombstoned, as if compaction had taken them: one that runs keeps what it has, one that
        // starts has only
        // the source model.
        Serving running = start(TestBroker.clientProperties(), settings());
        tombstone(1);
        send(1, 2);
        assertThat(codec.decode(read(topics.predictions(), 2).get(1).value()).modelVersion())
                .isEqualTo(1);
        assertThat(running.check()).isEqualTo(Health.READY);
    }

    @Test
    void fault16ATopicOfTombstonesServesTheSourceModel() throws Exception {
        tombstone(1);
        start(TestBroker.clientProperties(), settings());
        send(0, 1);
        assertThat(codec.decode(read(topics.predictions(), 1).get(0).value()).modelVersion())
                .isZero();
    }

    @Test
    void fault20StopsWhileDeadLettersCannotBeWrittenSaysSoAndLosesNone() throws Exception {
        Serving serving = start(client(Map.of("max.block.ms", 1_000)), settings());
        admin.deleteTopics(List.of(topics.deadLetters())).all().get();
        images.send(new ProducerRecord<>(topics.images(), 0, bytes("bad"), bytes("no image")))
                .get();
        images.send(new ProducerRecord<>(topics.images(), 0, bytes("after"), png()))
                .get();

        await().atMost(LIMIT)
                .until(() -> serving.check() instanceof Health.NotReady notReady
                        && notReady.waitingFor().contains(topics.deadLetters()));
        await().atMost(LIMIT).until(() -> telemetry.total(Meter.TRANSACTIONS_ABORTED, "serve") >= 2);
        assertThat(telemetry.total(Meter.PREDICTIONS)).isZero();

        admin.createTopics(List.of(new NewTopic(topics.deadLetters(), PARTITIONS, (short) 1)))
                .all()
                .get();

        assertThat(read(topics.deadLetters(), 1)).hasSize(1);
        assertThat(read(topics.predictions(), 1)).hasSize(1);
        await().atMost(LIMIT).until(serving::check, Health.READY::equals);
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void fault20StopsWhileWritingDeadLettersIsDeniedNamesTheRightAndLosesNone(Delivery delivery) throws Exception {
        Serving serving = start(TestBroker.clientProperties(), settings().withDelivery(delivery));
        TestBroker.denyWrite(admin, topics.deadLetters());
        images.send(new ProducerRecord<>(topics.images(), 0, bytes("bad"), bytes("no image")))
                .get();
        images.send(new ProducerRecord<>(topics.images(), 0, bytes("after"), png()))
                .get();

        await().atMost(LIMIT)
                .until(() -> serving.check() instanceof Health.NotReady notReady
                        && notReady.waitingFor().contains("grant WRITE on topic " + topics.deadLetters()));
        await().atMost(LIMIT).until(() -> telemetry.total(Meter.TRANSACTIONS_ABORTED, "serve") >= 2);
        assertThat(telemetry.total(Meter.PREDICTIONS)).isZero();
        assertThat(telemetry.total(Meter.DEAD_LETTERS)).isZero();

        TestBroker.allowWrite(admin, topics.deadLetters());

        assertThat(read(topics.deadLetters(), 1)).singleElement().satisfies(letter -> assertThat(letter.value())
                .isEqualTo(bytes("no image")));
        if (delivery == Delivery.EXACTLY_ONCE) {
            assertThat(read(topics.predictions(), 1)).hasSize(1);
        } else {
            assertThat(read(topics.predictions(), 1)).isNotEmpty();
        }
        await().atMost(LIMIT).until(serving::check, Health.READY::equals);
    }

    private static Map<String, Object> client(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.putAll(more);
        return properties;
    }

    private Serving start(Map<String, Object> client, ServeSettings settings) throws Exception {
        Serving serving = new Serving(client, topics, graph, settings, telemetry);
        open.add(serving);
        serving.start();
        await().atMost(LIMIT).until(serving::check, Health.READY::equals);
        return serving;
    }

    private ServeSettings settings() {
        return ServeSettings.defaults()
                .withGroup(topics.prefix() + "serve")
                .withWorkers(1)
                .withMaxPollRecords(50);
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        return new KafkaProducer<>(client(more), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void send(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            var unused = images.send(new ProducerRecord<>(topics.images(), i % PARTITIONS, bytes("image-" + i), png()));
        }
        images.flush();
    }

    private void publish(long number) {
        VersionPublisher publisher = new VersionPublisher(topics);
        VersionId id = new VersionId(DomainId.DEFAULT, number);
        Instant now = Instant.now();
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", topics.prefix() + "v"))) {
            producer.initTransactions();
            producer.beginTransaction();
            publisher.publish(
                    producer,
                    id,
                    number - 1,
                    graph.digest(),
                    graph.card().classes(),
                    BiasModel.version(number),
                    now,
                    Map.of());
            publisher.activate(producer, new Activation(id, number, Activation.Cause.PROMOTE, "better", now, 32, now));
            producer.commitTransaction();
        }
    }

    private void tombstone(long number) throws Exception {
        VersionCodec versions = new VersionCodec();
        int partition = io.acclimate.wire.Partitions.ofDomain(DomainId.DEFAULT, 2);
        for (byte[] key :
                List.of(versions.activeKey(DomainId.DEFAULT), versions.key(new VersionId(DomainId.DEFAULT, number)))) {
            images.send(new ProducerRecord<>(topics.modelVersions(), partition, key, null))
                    .get();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                client(Map.of("isolation.level", "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (records.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            // One more look: a duplicate would come now.
            consumer.poll(Duration.ofMillis(500)).forEach(records::add);
        }
        return records;
    }

    private static byte[] png() throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
