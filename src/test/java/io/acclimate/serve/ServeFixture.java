package io.acclimate.serve;

import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.core.Membership;
import io.acclimate.core.Prediction;
import io.acclimate.core.VersionId;
import io.acclimate.infer.BiasModel;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.VersionPublisher;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Topics of their own, what sends images and versions to them, and what reads the answers. Closes the servings it started. */
final class ServeFixture implements AutoCloseable {
    static final int PARTITIONS = 3;
    static final Duration LIMIT = Duration.ofMinutes(3);

    final Topics topics = TestBroker.uniqueTopics();
    final ModelGraph graph = BiasModel.graph();
    final Telemetry telemetry = Telemetry.inMemory();
    final Admin admin = Admin.create(TestBroker.clientProperties());
    private final PredictionCodec codec = new PredictionCodec(WireFormat.JSON);
    private final VersionPublisher publisher = new VersionPublisher(topics);
    private final List<Serving> open = new ArrayList<>();
    private final KafkaProducer<byte[], byte[]> images = producer(Map.of());
    private Optional<KafkaProducer<byte[], byte[]>> versions = Optional.empty();

    ServeFixture() {
        TopicCreator.ensure(admin, topics, new TopicPlan(PARTITIONS, 2, Optional.empty()));
    }

    ServeSettings settings() {
        return ServeSettings.defaults()
                .withMembership(Membership.of(topics.prefix() + "serve"))
                .withWorkers(2);
    }

    Serving start(ServeSettings settings) throws Exception {
        return start(Map.of(), settings);
    }

    /** Ready when it returns. */
    Serving start(Map<String, Object> client, ServeSettings settings) throws Exception {
        Serving serving = startWithoutWaiting(client, settings);
        await().atMost(LIMIT).until(serving::check, Health.Ready.class::isInstance);
        return serving;
    }

    Serving startWithoutWaiting(Map<String, Object> client, ServeSettings settings) throws Exception {
        Serving serving = new Serving(client(client), topics, graph, settings, telemetry);
        open.add(serving);
        serving.start();
        return serving;
    }

    /** One image a number, in turn to each partition, under the key {@code image-N}. */
    void send(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            send(new ProducerRecord<>(topics.images(), i % PARTITIONS, bytes("image-" + i), png(i)));
        }
        flush();
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        // A lost image shows as a missing prediction.
        var unused = images.send(record);
    }

    /** Returns once the record is on its topic. */
    void sendAndWait(ProducerRecord<byte[], byte[]> record) throws Exception {
        images.send(record).get();
    }

    void flush() {
        images.flush();
    }

    void activate(long number) {
        publish(number, BiasModel.version(number));
    }

    /** Publishes a version and makes it active, in one transaction. */
    void publish(long number, WeightDelta weights) {
        KafkaProducer<byte[], byte[]> to = versions.orElseGet(this::openVersions);
        VersionId id = new VersionId(DomainId.DEFAULT, number);
        Instant now = Instant.now();
        to.beginTransaction();
        publisher.publish(to, id, number - 1, graph.digest(), graph.card().classes(), weights, now, Map.of());
        publisher.activate(to, new Activation(id, number, Activation.Cause.PROMOTE, "better", now, 32 * number, now));
        to.commitTransaction();
    }

    private KafkaProducer<byte[], byte[]> openVersions() {
        KafkaProducer<byte[], byte[]> opened = producer(Map.of("transactional.id", topics.prefix() + "versions"));
        opened.initTransactions();
        versions = Optional.of(opened);
        return opened;
    }

    Prediction prediction(ConsumerRecord<byte[], byte[]> record) {
        return codec.decode(record.value());
    }

    /** The prediction that came {@code index}th; waits for it. */
    Prediction prediction(int index) {
        return prediction(read(topics.predictions(), index + 1).get(index));
    }

    /** What is committed, once it is {@code count} records or more. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                client(Map.of("isolation.level", "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            // A broker hears of a new topic a moment after it was made.
            await().atMost(LIMIT).until(() -> !consumer.partitionsFor(topic).isEmpty());
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

    private static Map<String, Object> client(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.putAll(more);
        return properties;
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        return new KafkaProducer<>(client(more), new ByteArraySerializer(), new ByteArraySerializer());
    }

    static byte[] png(int seed) throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 8; x++) {
                image.setRGB(x, y, seed * 31 + x * 7 + y * 1301);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        open.forEach(Serving::close);
        versions.ifPresent(KafkaProducer::close);
        images.close();
        admin.close();
        telemetry.close();
    }
}
