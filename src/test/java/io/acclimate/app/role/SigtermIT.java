package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.app.Main;
import io.acclimate.broker.TestBroker;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.Topics;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own that is told to stop. */
class SigtermIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    /** What the process allows itself, and a little for its end. */
    private static final Duration GRACE = Duration.ofSeconds(40);

    private static final int IMAGES = 6_000;

    @TempDir
    Path folder;

    private final Topics topics = TestBroker.uniqueTopics();
    private final Admin admin = Admin.create(TestBroker.clientProperties());
    private final Set<String> predicted = new HashSet<>();
    private final KafkaConsumer<byte[], byte[]> predictions = predictions();
    private int read;

    @AfterEach
    void close() {
        predictions.close();
        admin.close();
    }

    @Test
    void fault24SigtermUnderLoadLeavesNoTransactionOpenAndNothingLostOrDoubled() throws Exception {
        TopicCreator.ensure(admin, topics, new TopicPlan(2, 2, Optional.empty()));
        Process first = serve("a");
        try (KafkaProducer<byte[], byte[]> images = TestBroker.producer()) {
            byte[] png = png();
            for (int i = 0; i < IMAGES; i++) {
                var unused = images.send(
                        new ProducerRecord<>(topics.images(), ("i" + i).getBytes(StandardCharsets.UTF_8), png));
            }
            images.flush();
        }
        await().atMost(LIMIT).until(() -> poll() > 0);

        first.destroy();

        assertThat(first.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(first.exitValue()).isZero();
        assertThat(admin.listTransactions().all().get())
                .filteredOn(each -> each.transactionalId().startsWith(topics.prefix()))
                .isNotEmpty()
                .noneMatch(each -> each.state() == TransactionState.ONGOING);
        Process second = serve("b");
        try {
            await().atMost(LIMIT).until(() -> poll() >= IMAGES);
        } finally {
            second.destroy();
            assertThat(second.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        poll();
        assertThat(read).isEqualTo(IMAGES);
        assertThat(predicted).hasSize(IMAGES);
    }

    /** ONNX Runtime ends a JVM whose command line is long, so the class path is in a file. */
    private Process serve(String instance) throws IOException {
        Path arguments = Files.writeString(
                folder.resolve(instance + ".args"),
                "-Djava.awt.headless=true\n-cp \""
                        + System.getProperty("java.class.path").replace("\\", "\\\\") + "\"\n");
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + arguments,
                        Main.class.getName(),
                        "serve",
                        "--bootstrap=" + TestBroker.bootstrapServers(),
                        "--topic-prefix=" + topics.prefix(),
                        "--instance=" + instance,
                        "--max-poll-records=100",
                        "--http-port=none"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(instance + ".log").toFile())
                .start();
    }

    private KafkaConsumer<byte[], byte[]> predictions() {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("group.id", topics.prefix() + "reader");
        properties.put("isolation.level", "read_committed");
        properties.put("metadata.max.age.ms", 1_000);
        properties.put("auto.offset.reset", "earliest");
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(topics.predictions()));
        return consumer;
    }

    private int poll() {
        predictions.poll(Duration.ofMillis(100)).forEach(record -> {
            read++;
            predicted.add(new String(record.key(), StandardCharsets.UTF_8));
        });
        return read;
    }

    private static byte[] png() throws IOException {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }
}
