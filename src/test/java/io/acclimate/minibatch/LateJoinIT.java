package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static io.acclimate.minibatch.MiniBatchFixture.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.core.Coordinates;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels without bytes against a broker: images lie in partitions that no hash of their id gives. */
class LateJoinIT {
    private static final int IMAGES = 200;

    @TempDir
    Path directory;

    private final MiniBatchFixture fixture = new MiniBatchFixture();
    private final Topics topics = fixture.topics;
    private final Telemetry telemetry = fixture.telemetry;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void joinsEachLabelToTheBytesOfItsImageAlsoAfterARestartWithoutState() throws Exception {
        MiniBatching first = start("one");
        for (int i = 0; i < IMAGES; i++) {
            predict(image("image-" + i, i % 4, 2_000), "image-" + i);
        }
        await().atMost(LIMIT).until(() -> telemetry.total(Meter.IMAGES_INDEXED) >= IMAGES);
        for (int i = 0; i < IMAGES / 2; i++) {
            label("image-" + i);
        }
        fixture.readUntil(() -> answered() == IMAGES / 2);
        label("image-early");
        await().atMost(LIMIT).until(() -> telemetry.total(Meter.LABELS_PENDING) == 1);
        first.close();
        // Another state directory: index and waiting labels come back from Kafka.
        start("two");
        for (int i = IMAGES / 2; i < IMAGES; i++) {
            label("image-" + i);
        }
        label("image-0");
        predict(image("image-early", 3, 900_000), "image-early");
        fixture.readUntil(() -> answered() == IMAGES + 2);

        Set<String> joined = new HashSet<>();
        assertThat(fixture.samples()).hasSize(IMAGES + 1).allSatisfy(sample -> {
            String id = sample.imageId().value();
            assertThat(joined.add(id)).isTrue();
            assertThat(new String(sample.image().bytes().array(), StandardCharsets.UTF_8).trim())
                    .isEqualTo(id);
            assertThat(sample.image().contentType()).contains("image/png");
            assertThat(sample.label().topic()).isEqualTo(topics.labels());
        });
        assertThat(fixture.letters).extracting(LateJoinIT::reason).containsExactly("DUPLICATE_LABEL");
    }

    @Test
    void anImageThatRetentionRemovedIsADeadLetterAndThoseAfterItAreJoined() throws Exception {
        RecordMetadata old = image("old", 2, 2_000);
        RecordMetadata young = image("young", 2, 2_000);
        predict(old, "old");
        predict(young, "young");
        TopicPartition partition = new TopicPartition(topics.images(), 2);
        fixture.admin
                .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(young.offset())))
                .all()
                .get();

        start("one");
        label("old");
        label("young");
        fixture.readUntil(() -> answered() == 2);

        assertThat(fixture.letters).extracting(LateJoinIT::reason).containsExactly("MISSING_PIXELS");
        assertThat(fixture.samples())
                .singleElement()
                .satisfies(sample -> assertThat(sample.imageId().value()).isEqualTo("young"));
    }

    private MiniBatching start(String instance) {
        return fixture.start(MiniBatchFixture.settings(Duration.ofMillis(200))
                .withMembership(MiniBatchSettings.defaults().membership().withInstance(instance))
                .withStateDir(directory)
                // However long a restart takes, no label gives up meanwhile.
                .withJoin(JoinSettings.DEFAULT.withPatience(Duration.ofHours(1))));
    }

    private RecordMetadata image(String id, int partition, int size) throws Exception {
        byte[] value = new byte[size];
        System.arraycopy(utf8(id), 0, value, 0, utf8(id).length);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.images(), partition, utf8(id), value);
        record.headers().add("content-type", utf8("image/png"));
        return fixture.sendAndWait(record);
    }

    private void predict(RecordMetadata image, String id) throws Exception {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.predictions(), image.partition(), utf8(id), utf8("{}"));
        Coordinates at = new Coordinates(image.topic(), image.partition(), image.offset());
        record.headers().add("ce_id", utf8(at.toString()));
        fixture.sendAndWait(record);
    }

    private void label(String id) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.labels(), utf8(id), null);
        record.headers().add("label", utf8("boot"));
        fixture.sendAndWait(record);
    }

    /** Labels that have an answer. */
    private int answered() {
        return fixture.samples().size() + fixture.letters.size();
    }

    private static String reason(ConsumerRecord<byte[], byte[]> letter) {
        return new String(letter.headers().lastHeader(DeadLetters.REASON).value(), StandardCharsets.UTF_8);
    }
}
