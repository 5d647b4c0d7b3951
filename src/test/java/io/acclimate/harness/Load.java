package io.acclimate.harness;

import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.dataset.Shift;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Images and labels of three domains at a steady rate, some of them bad, and every fourth label without bytes, for an image that
 * was sent before. The producer is idempotent and repeats for longer than
 * any outage, so what it sent is on the topics once, and what was acknowledged is known. One thread of its own.
 */
final class Load implements AutoCloseable {
    static final List<String> DOMAINS = List.of("default", "camera-1", "camera-2");

    private static final int PICTURES = 1_000;
    private static final int ONE_BAD_IN = 40;
    private static final int ONE_WITHOUT_BYTES_IN = 4;
    private static final long TICK_NANOS = Duration.ofMillis(20).toNanos();

    private final Topics topics;
    private final SplittableRandom random;
    private final double imagesPerNano;
    private final double labelsPerNano;
    private final LabelledImages data = Bundled.targetTest().shifted(Shift.INVERT, 1);
    private final List<byte[]> pictures = new ArrayList<>();
    /** Which picture each image is; used by the load's thread. */
    private final List<Integer> sent = new ArrayList<>();

    private final KafkaProducer<byte[], byte[]> producer;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "load");
    /** Written by the caller, read by the load's thread. */
    private volatile boolean flowing = true;

    private volatile boolean closing;
    /** Sent so far; written by the load's thread. */
    private final AtomicInteger images = new AtomicInteger();

    private final AtomicInteger labels = new AtomicInteger();

    Load(String bootstrap, Topics topics, long seed, int imagesPerSecond, int labelsPerSecond) {
        this.topics = topics;
        this.random = new SplittableRandom(seed);
        this.imagesPerNano = imagesPerSecond / 1e9;
        this.labelsPerNano = labelsPerSecond / 1e9;
        for (int i = 0; i < PICTURES; i++) {
            pictures.add(Png.encode(data.pixels(i)));
        }
        int forever = Integer.MAX_VALUE;
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "acks",
                        "all",
                        "enable.idempotence",
                        true,
                        "delivery.timeout.ms",
                        forever,
                        "max.block.ms",
                        forever,
                        "reconnect.backoff.max.ms",
                        500,
                        "linger.ms",
                        5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Stops the flow; returns when all that was sent is acknowledged. */
    void pause() {
        flowing = false;
        int before;
        do {
            before = images() + labels();
            LockSupport.parkNanos(2 * TICK_NANOS);
            producer.flush();
        } while (before != images() + labels());
    }

    void resume() {
        flowing = true;
    }

    int images() {
        return images.get();
    }

    int labels() {
        return labels.get();
    }

    /** Keys of the records that the broker has taken. */
    Set<String> acknowledged() {
        return acknowledged;
    }

    List<Exception> failures() {
        return List.copyOf(failures);
    }

    private void run() {
        long last = System.nanoTime();
        double imagesDue = 0;
        double labelsDue = 0;
        while (!closing) {
            LockSupport.parkNanos(TICK_NANOS);
            long now = System.nanoTime();
            // After an outage the flow goes on at its rate and does not catch up.
            long passed = flowing ? Math.min(now - last, 5 * TICK_NANOS) : 0;
            last = now;
            imagesDue += passed * imagesPerNano;
            labelsDue += passed * labelsPerNano;
            for (; imagesDue >= 1 && flowing; imagesDue--) {
                image();
            }
            for (; labelsDue >= 1 && flowing; labelsDue--) {
                label();
            }
        }
    }

    private void image() {
        String id = "image-" + images.get();
        int index = random.nextInt(PICTURES);
        byte[] value = one(ONE_BAD_IN) ? utf8("no image") : pictures.get(index);
        sent.add(index);
        send(topics.images(), id, value, Map.of("domain", domain()));
        images.incrementAndGet();
    }

    private void label() {
        if (one(ONE_WITHOUT_BYTES_IN) && labelWithoutBytes()) {
            return;
        }
        String id = "label-" + labels.get();
        int index = random.nextInt(PICTURES);
        // One kind of bad label is refused by minibatch, the other is found by adapt.
        String name = one(ONE_BAD_IN) ? "zeppelin" : data.classNames().name(data.label(index));
        byte[] value = one(ONE_BAD_IN) ? utf8("no image") : pictures.get(index);
        send(topics.labels(), id, value, Map.of("domain", domain(), "label", name, "ce_id", id));
        labels.incrementAndGet();
    }

    /** False when the image that was drawn is not yet acknowledged. Some are drawn twice, and some were no images. */
    private boolean labelWithoutBytes() {
        int number = random.nextInt(Math.max(1, images.get()));
        String image = "image-" + number;
        if (!acknowledged.contains(image)) {
            return false;
        }
        String name = data.classNames().name(data.label(sent.get(number)));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.labels(), utf8(image), null);
        record.headers().add("label", utf8(name)).add("ce_id", utf8("label-" + labels.get()));
        send(record, "label-" + labels.get());
        labels.incrementAndGet();
        return true;
    }

    private boolean one(int in) {
        return random.nextInt(in) == 0;
    }

    private String domain() {
        return DOMAINS.get(random.nextInt(DOMAINS.size()));
    }

    private void send(String topic, String id, byte[] value, Map<String, String> headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, utf8(id), value);
        headers.forEach((name, text) -> record.headers().add(name, utf8(text)));
        send(record, id);
    }

    private void send(ProducerRecord<byte[], byte[]> record, String id) {
        var unused = producer.send(record, (metadata, failure) -> answered(id, failure));
    }

    private void answered(String id, @Nullable Exception failure) {
        if (failure == null) {
            acknowledged.add(id);
        } else {
            failures.add(failure);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closing = true;
        producer.close(Duration.ZERO);
    }
}
