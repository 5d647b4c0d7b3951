package io.acclimate.minibatch;

import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Topics of their own, what sends to them, and what reads the mini-batches and dead letters. The clock of the roles
 * started here stands still but for {@link #pass}: it says how long ago they failed. Closes
 * the roles it started. For one thread.
 */
final class MiniBatchFixture implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(90);

    /** A mini-batch and the partition it came by. */
    record Flushed(int partition, MiniBatch batch) {}

    final Topics topics = TestBroker.uniqueTopics();
    final Telemetry telemetry = Telemetry.inMemory();
    final Admin admin = Admin.create(TestBroker.clientProperties());
    /** What was read of the two topics, in the order of reading. */
    final List<Flushed> flushed = new ArrayList<>();

    final List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
    private final List<MiniBatching> open = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final MiniBatchCodec codec = new MiniBatchCodec();
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    MiniBatchFixture() {
        TopicCreator.ensure(admin, topics, TopicPlan.DEFAULT);
        // It is the broker that refuses what is too large.
        producer = new KafkaProducer<>(
                client(Map.of("max.request.size", 16 << 20)), new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                client(Map.of(
                        "group.id", topics.prefix() + "reader",
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest",
                        "metadata.max.age.ms", "1000")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(topics.miniBatches(), topics.deadLetters()));
    }

    /** One class may fill all of a mini-batch, of 32 samples at the most. */
    static MiniBatchSettings settings(Duration maxWait) {
        return MiniBatchSettings.defaults()
                .withFlush(new FlushSettings(32, 700 << 10, maxWait))
                .withLabelLimits(new LabelLimits(0, 1, 1, 16));
    }

    /** Ready when it returns. */
    MiniBatching start(MiniBatchSettings settings) {
        MiniBatching role = startWithoutWaiting(Map.of(), settings);
        await().atMost(LIMIT).until(role::check, Health.READY::equals);
        return role;
    }

    MiniBatching startWithoutWaiting(Map<String, Object> client, MiniBatchSettings settings) {
        return startWithoutWaiting(client, settings, StreamsClients::producer);
    }

    MiniBatching startWithoutWaiting(
            Map<String, Object> client, MiniBatchSettings settings, StreamsClients.Producers producers) {
        MiniBatching role = new MiniBatching(
                client(client), topics, LabelStream.CLASSES, settings, telemetry, producers, nanos::get);
        open.add(role);
        role.start();
        return role;
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        // A lost record shows as a missing sample.
        var unused = producer.send(record);
    }

    void flush() {
        producer.flush();
    }

    /** Returns once the record is on its topic. */
    RecordMetadata sendAndWait(ProducerRecord<byte[], byte[]> record) throws Exception {
        return producer.send(record).get();
    }

    /** Waits for the condition, and reads on meanwhile. */
    void readUntil(Callable<Boolean> condition) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(LIMIT)
                .until(() -> {
                    read();
                    return condition.call();
                });
    }

    void read() {
        consumer.poll(Duration.ofMillis(50)).forEach(record -> {
            if (record.topic().equals(topics.deadLetters())) {
                letters.add(record);
            } else {
                flushed.add(new Flushed(record.partition(), codec.decode(record.value())));
            }
        });
    }

    List<LabelledSample> samples() {
        return flushed.stream().flatMap(each -> each.batch().samples().stream()).toList();
    }

    /** Of the samples, in their order. */
    List<String> images() {
        return samples().stream().map(sample -> sample.imageId().value()).toList();
    }

    private static Map<String, Object> client(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.putAll(more);
        return properties;
    }

    @Override
    public void close() {
        open.forEach(MiniBatching::close);
        consumer.close();
        producer.close();
        admin.close();
        telemetry.close();
    }
}
