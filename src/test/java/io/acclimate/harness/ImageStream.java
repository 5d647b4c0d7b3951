package io.acclimate.harness;

import io.acclimate.core.Prediction;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends images as fast as they are predicted, so many ahead, and reads the predictions, read_committed. One that is not of the
 * partition's next image, or not what the version that it names answers, is a finding. Two threads of its own.
 */
final class ImageStream implements AutoCloseable {
    private static final int PICTURES = 1_000;

    private final Topics topics;
    private final String bootstrap;
    private final Predicate<Prediction> right;
    private final int backlog;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong predicted = new AtomicLong();
    /** Number of the newest version that was seen in a prediction. */
    private final AtomicLong version = new AtomicLong();
    /** The first only, and empty without one; written by the threads, read by any. */
    private volatile String finding = "";

    private volatile boolean flowing = true;
    private volatile boolean closing;
    private final Thread producing = new Thread(this::send, "images");
    private final Thread reading = new Thread(this::read, "predictions");

    /**
     * @param backlog images that wait for their prediction at most
     * @param right what a version may answer
     */
    ImageStream(String bootstrap, Topics topics, int backlog, Predicate<Prediction> right) {
        this.backlog = backlog;
        this.bootstrap = bootstrap;
        this.topics = topics;
        this.right = right;
    }

    void start() {
        reading.start();
        producing.start();
    }

    /** Sends no more. What was sent stays to be predicted. */
    void stop() throws InterruptedException {
        flowing = false;
        producing.join();
    }

    long sent() {
        return sent.get();
    }

    long predicted() {
        return predicted.get();
    }

    long version() {
        return version.get();
    }

    String finding() {
        return finding;
    }

    private void send() {
        LabelledImages data = Bundled.targetTest();
        byte[][] pictures = new byte[PICTURES][];
        for (int i = 0; i < PICTURES; i++) {
            pictures[i] = Png.encode(data.pixels(i));
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            while (flowing && !closing) {
                if (sent.get() - predicted.get() >= backlog) {
                    LockSupport.parkNanos(1_000_000);
                    continue;
                }
                byte[] picture = pictures[(int) (sent.getAndIncrement() % PICTURES)];
                var unused = producer.send(new ProducerRecord<>(topics.images(), picture), (at, failure) -> {
                    if (failure != null) {
                        found("an image was not taken: " + failure);
                    }
                });
            }
        }
    }

    private void read() {
        PredictionCodec codec = new PredictionCodec(WireFormat.JSON);
        Map<Integer, Long> next = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topics.predictions()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closing) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    check(codec.decode(record.value()), record.partition(), next);
                }
            }
        }
    }

    private void check(Prediction prediction, int partition, Map<Integer, Long> next) {
        long expected = next.merge(partition, 1L, Long::sum) - 1;
        if (prediction.input().partition() != partition || prediction.input().offset() != expected) {
            found("partition " + partition + " has " + prediction.input() + " where image " + expected + " is next");
        }
        if (!right.test(prediction)) {
            found(prediction + " is not what its version answers");
        }
        version.accumulateAndGet(prediction.modelVersion(), Math::max);
        predicted.incrementAndGet();
    }

    private void found(String what) {
        finding = finding.isEmpty() ? what : finding;
    }

    @Override
    public void close() {
        closing = true;
        try {
            producing.join();
            reading.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
