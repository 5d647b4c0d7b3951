package io.acclimate.serve;

import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.BiasModel;
import io.acclimate.infer.SessionSettings;
import io.acclimate.kafka.CommitWatch;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A worker on Kafka's own mock clients. The consumer's poll tasks are the script of a test: each poll runs the next one, and the
 * last stops the worker, so that the whole run takes place on the test's thread.
 */
final class WorkerFixture implements WorkerClients, AutoCloseable {
    static final Topics TOPICS = Topics.DEFAULT;
    static final TopicPartition IMAGES = new TopicPartition(TOPICS.images(), 0);

    final Telemetry telemetry = Telemetry.inMemory();
    final AtomicInteger inFlight = new AtomicInteger();
    /** Opened by the worker in this order; the last is the one whose script a test writes. */
    final Deque<MockConsumer<byte[], byte[]>> consumers = new ArrayDeque<>();

    final ServedModels models =
            new ServedModels(BiasModel.graph(), SessionSettings.defaults(), 4, telemetry, Clock.systemUTC());
    final List<TopicPartition> takenOver = new ArrayList<>();
    final ServeWorker worker;
    /** Opened by the worker in this order; after the last, plain ones. */
    final Deque<MockProducer<byte[], byte[]>> producers = new ArrayDeque<>();

    final List<MockProducer<byte[], byte[]>> openedProducers = new ArrayList<>();
    final List<MockConsumer<byte[], byte[]>> openedConsumers = new ArrayList<>();

    WorkerFixture(ServeSettings settings) throws InvalidModelException {
        newConsumer();
        models.open();
        PollBatch batch = new PollBatch(
                TOPICS,
                models,
                new ImageDecoder(ImageLimits.defaults()),
                BiasModel.INPUT,
                settings,
                telemetry,
                Clock.systemUTC());
        worker = new ServeWorker(
                "worker", this, TOPICS, settings, batch, models, telemetry, inFlight, new CommitWatch());
    }

    /** From here on the script is that of the next consumer, which the worker opens when it replaces its clients. */
    void newConsumer() {
        consumers.add(new MockConsumer<>("earliest"));
    }

    /** What the next poll does. */
    void poll(Runnable task) {
        consumers.getLast().schedulePollTask(task);
    }

    /** The first poll of every script: the partition of images is assigned, from its beginning. */
    void assign() {
        MockConsumer<byte[], byte[]> consumer = consumers.getLast();
        poll(() -> {
            consumer.updateBeginningOffsets(Map.of(IMAGES, 0L));
            consumer.rebalance(List.of(IMAGES));
        });
    }

    /** Makes the next poll give these images. */
    void images(long from, int count) {
        MockConsumer<byte[], byte[]> consumer = consumers.getLast();
        poll(() -> {
            for (long offset = from; offset < from + count; offset++) {
                consumer.addRecord(image(offset));
            }
        });
    }

    void stop() {
        poll(worker::stop);
    }

    static ConsumerRecord<byte[], byte[]> image(long offset) {
        try {
            return new ConsumerRecord<>(
                    TOPICS.images(), 0, offset, ServeFixture.bytes("image-" + offset), ServeFixture.png((int) offset));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All records that a committed transaction holds, of all producers in the order of their opening. */
    List<ProducerRecord<byte[], byte[]>> committed() {
        return openedProducers.stream()
                .flatMap(producer -> producer.history().stream())
                .toList();
    }

    static MockProducer<byte[], byte[]> plainProducer() {
        return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = consumers.isEmpty() ? new MockConsumer<>("earliest") : consumers.pop();
        openedConsumers.add(consumer);
        return consumer;
    }

    @Override
    public Producer<byte[], byte[]> producer() {
        MockProducer<byte[], byte[]> producer = producers.isEmpty() ? plainProducer() : producers.pop();
        openedProducers.add(producer);
        return producer;
    }

    @Override
    public void takeOver(Collection<TopicPartition> images) {
        takenOver.addAll(images);
    }

    @Override
    public void close() {
        models.close();
        telemetry.close();
    }
}
