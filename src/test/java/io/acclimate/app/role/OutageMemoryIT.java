package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.RelayedBroker;
import io.acclimate.core.ClassNames;
import io.acclimate.infer.BiasModel;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.minibatch.MiniBatching;
import io.acclimate.serve.BatchSettings;
import io.acclimate.serve.ServeSettings;
import io.acclimate.serve.Serving;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The network is cut while far more waits on the topics than roles may hold. What they hold is the heap after a collection, less what
 * it was before the load: fetched records, a poll batch or a stream task's buffer, and unsent output.
 */
class OutageMemoryIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final int RECORDS = 3_000;
    private static final int MEGABYTE = 1 << 20;
    /** A quarter of what waits on the two topics, which is 285 MB. */
    private static final long MAX_HELD = 64L * MEGABYTE;
    /** Between the beginning of the outage and its end. */
    private static final long MAX_GROWTH = 8L * MEGABYTE;

    @TempDir
    Path folder;

    @Test
    void fault03WhatIsHeldDuringAnOutageUnderLoadIsBoundedAndNothingIsLost() throws Exception {
        try (RelayedBroker broker = RelayedBroker.start(folder.resolve("kafka"));
                Telemetry telemetry = Telemetry.inMemory()) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.direct()))) {
                TopicCreator.ensure(admin, TOPICS, TopicPlan.DEFAULT);
            }
            Map<String, Object> client = Map.of(
                    "bootstrap.servers",
                    broker.relayed(),
                    "reconnect.backoff.max.ms",
                    500,
                    "request.timeout.ms",
                    5_000);
            try (Serving serving = new Serving(
                            client,
                            TOPICS,
                            BiasModel.graph(),
                            ServeSettings.defaults().withBatches(new BatchSettings(100, 64)),
                            telemetry);
                    MiniBatching minibatch = new MiniBatching(
                            client,
                            TOPICS,
                            new ClassNames(List.of("zero", "one")),
                            MiniBatchSettings.defaults().withStateDir(folder.resolve("state")),
                            telemetry)) {
                serving.start();
                minibatch.start();
                await().atMost(LIMIT).until(() -> serving.check() instanceof Health.Ready);
                await().atMost(LIMIT).until(() -> minibatch.check() instanceof Health.Ready);
                long before = heldBytes();

                // All waits before the roles see any of it, so that they fetch as far ahead as they ever do.
                broker.cut();
                send(broker);
                broker.pass();
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(LIMIT)
                        .until(() ->
                                telemetry.total(Meter.PREDICTIONS) > 50 && telemetry.total(Meter.LABELS_RECEIVED) > 50);
                broker.cut();
                await().atMost(LIMIT).until(() -> serving.check() instanceof Health.NotReady);
                await().atMost(LIMIT).until(() -> minibatch.check() instanceof Health.NotReady);

                List<Long> held = new ArrayList<>();
                await().pollInterval(Duration.ofSeconds(1)).atMost(LIMIT).until(() -> {
                    held.add(heldBytes() - before);
                    return held.size() == 10;
                });
                System.err.printf(
                        "outage: %.0f images and %.0f labels of %d each were read, MB held %s%n",
                        telemetry.total(Meter.PREDICTIONS),
                        telemetry.total(Meter.LABELS_RECEIVED),
                        RECORDS,
                        held.stream().map(each -> each / MEGABYTE).toList());
                double waiting =
                        2 * RECORDS - telemetry.total(Meter.PREDICTIONS) - telemetry.total(Meter.LABELS_RECEIVED);
                assertThat(waiting * png().length)
                        .as("more waits than may be held")
                        .isGreaterThan(1.5 * MAX_HELD);
                assertThat(held).allSatisfy(each -> assertThat(each).isLessThan(MAX_HELD));
                assertThat(held.get(9) - held.get(0)).isLessThan(MAX_GROWTH);

                broker.pass();
                assertThat(predicted(broker)).hasSize(RECORDS);
                await().atMost(LIMIT).until(() -> telemetry.total(Meter.SAMPLES_BATCHED) >= RECORDS);
            }
        }
    }

    /**
     * What the collector left, not what is in use when this thread is scheduled again: on a busy machine the brokers and clients of
     * this process have allocated megabytes by then that nothing holds.
     */
    private static long heldBytes() {
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .filter(Objects::nonNull)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }

    private static void send(RelayedBroker broker) {
        byte[] png = png();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.direct(), "buffer.memory", 4 * MEGABYTE),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] id = ("image-" + i).getBytes(StandardCharsets.UTF_8);
                ProducerRecord<byte[], byte[]> label = new ProducerRecord<>(TOPICS.labels(), id, png);
                label.headers().add("label", (i % 2 == 0 ? "zero" : "one").getBytes(StandardCharsets.UTF_8));
                var unused = producer.send(label);
                unused = producer.send(new ProducerRecord<>(TOPICS.images(), id, png));
            }
        }
    }

    /** The ids of all committed predictions once there are as many as records, each seen once. */
    private static Set<String> predicted(RelayedBroker broker) {
        Set<String> ids = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.direct(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPICS.predictions()).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(LIMIT).until(() -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> assertThat(ids.add(new String(record.key(), StandardCharsets.UTF_8)))
                                .isTrue());
                return ids.size() >= RECORDS;
            });
        }
        return ids;
    }

    /** Noise does not compress: 48 kB. */
    private static byte[] png() {
        BufferedImage image = new BufferedImage(128, 128, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < 128; y++) {
            for (int x = 0; x < 128; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
