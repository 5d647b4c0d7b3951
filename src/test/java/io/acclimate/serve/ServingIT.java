package io.acclimate.serve;

import static io.acclimate.serve.ServeFixture.LIMIT;
import static io.acclimate.serve.ServeFixture.PARTITIONS;
import static io.acclimate.serve.ServeFixture.bytes;
import static io.acclimate.serve.ServeFixture.png;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.Outcome;
import io.acclimate.core.Prediction;
import io.acclimate.telemetry.Meter;
import io.acclimate.wire.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What serving answers: each image once, in order, with a prediction or a dead letter. */
class ServingIT {
    private final ServeFixture fixture = new ServeFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void answersEachImageOnceInTheOrderOfItsPartition(Delivery delivery) throws Exception {
        int count = 900;
        for (int i = 0; i < count; i++) {
            byte[] key = i % 10 == 0 ? null : bytes("image-" + i);
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(fixture.topics.images(), i % PARTITIONS, key, png(i));
            if (i % 4 == 0) {
                record.headers().add("domain", bytes("site-" + i % 8));
            }
            fixture.send(record);
        }
        fixture.flush();

        fixture.start(fixture.settings().withDelivery(delivery));

        List<ConsumerRecord<byte[], byte[]>> records = fixture.read(fixture.topics.predictions(), count);
        assertThat(records).hasSize(count);
        Map<Integer, Long> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Prediction prediction = fixture.prediction(record);
            assertThat(prediction.input().partition()).isEqualTo(record.partition());
            assertThat(prediction.input().offset()).isEqualTo(next.merge(record.partition(), 1L, Long::sum) - 1);
            assertThat(new String(record.key(), StandardCharsets.UTF_8))
                    .isEqualTo(prediction.imageId().value());
            assertThat(prediction.modelVersion()).isZero();
            assertThat(prediction.best().label()).isEqualTo("zero");
            String domain = Optional.ofNullable(record.headers().lastHeader("domain"))
                    .map(header -> new String(header.value(), StandardCharsets.UTF_8))
                    .orElse("default");
            assertThat(prediction.domain()).isEqualTo(new DomainId(domain));
            assertThat(record.headers().lastHeader("ce_id").value())
                    .isEqualTo(bytes(prediction.input().toString()));
        }
        await().atMost(LIMIT).untilAsserted(() -> assertThat(fixture.telemetry.total(Meter.PREDICTIONS))
                .isEqualTo(count));
        lawHolds();
    }

    @Test
    void fault17BadInputsGoToDeadLettersAndTheRestIsPredictedInTheSameTransaction() throws Exception {
        byte[] good = png(1);
        List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
        List<DeadLetterReason> reasons = new ArrayList<>();
        bad(sent, reasons, null, DeadLetterReason.NULL_VALUE);
        bad(sent, reasons, new byte[0], DeadLetterReason.EMPTY_VALUE);
        bad(sent, reasons, bytes("hello, world"), DeadLetterReason.UNDECODABLE_IMAGE);
        bad(sent, reasons, Arrays.copyOf(good, good.length / 2), DeadLetterReason.UNDECODABLE_IMAGE);
        bad(sent, reasons, good, DeadLetterReason.UNSUPPORTED_CONTENT_TYPE, "content-type", "text/plain");
        bad(sent, reasons, new byte[4], DeadLetterReason.WRONG_TENSOR_SIZE, "content-type", "application/x-tensor-f32");
        bad(sent, reasons, good, DeadLetterReason.INVALID_HEADER, "domain", "no spaces");
        bad(sent, reasons, good, DeadLetterReason.UNDECODABLE_IMAGE, "content-type", "image/jpeg");
        sent.add(new ProducerRecord<>(fixture.topics.images(), 0, new byte[] {(byte) 0xff}, good));
        reasons.add(DeadLetterReason.INVALID_IMAGE_ID);
        for (String name : List.of("domain", "content-type")) {
            bad(sent, reasons, good, DeadLetterReason.INVALID_HEADER);
            sent.get(sent.size() - 1).headers().add(name, new byte[] {'a', (byte) 0xc0, (byte) 0x80});
        }
        for (ProducerRecord<byte[], byte[]> record : sent) {
            fixture.send(record);
            fixture.send(new ProducerRecord<>(fixture.topics.images(), 0, bytes("good"), good));
        }
        fixture.flush();

        // Alone: a second worker that joins could make the first give its batch up and take it again.
        fixture.start(fixture.settings().withWorkers(1));

        List<ConsumerRecord<byte[], byte[]>> letters = fixture.read(fixture.topics.deadLetters(), sent.size());
        for (int i = 0; i < sent.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = letters.get(i);
            DeadLetters.DeadLetter letter = ((Outcome.Ok<DeadLetters.DeadLetter>) DeadLetters.parse(record)).value();
            assertThat(letter.reason()).as(letter.message()).isEqualTo(reasons.get(i));
            assertThat(letter.input().offset()).isEqualTo(2L * i);
            assertThat(letter.input().topic()).isEqualTo(fixture.topics.images());
            assertThat(letter.message()).isNotBlank();
            assertThat(record.value()).isEqualTo(sent.get(i).value());
        }
        assertThat(fixture.read(fixture.topics.predictions(), sent.size())).hasSize(sent.size());
        assertThat(markers(fixture.topics.predictions(), 0, sent.size())).isEqualTo(1);
        assertThat(markers(fixture.topics.deadLetters(), letters.get(0).partition(), sent.size()))
                .isEqualTo(1);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(fixture.telemetry.total(Meter.DEAD_LETTERS))
                .isEqualTo(sent.size()));
        lawHolds();
    }

    @Test
    void twoProcessesOfOneNameFenceEachOtherAndDoubleNothing() throws Exception {
        fixture.start(fixture.settings().withBatches(new BatchSettings(20, 64)));
        fixture.send(0, 300);
        await().atMost(LIMIT).until(() -> fixture.telemetry.total(Meter.PREDICTIONS) == 300);

        var unused = fixture.startWithoutWaiting(Map.of(), fixture.settings().withBatches(new BatchSettings(20, 64)));
        AtomicInteger sent = new AtomicInteger(300);
        await().atMost(LIMIT).until(() -> {
            fixture.send(sent.get(), sent.addAndGet(50));
            return fixture.telemetry.total(Meter.TRANSACTIONS_ABORTED, "serve") > 0;
        });

        List<ConsumerRecord<byte[], byte[]>> records = fixture.read(fixture.topics.predictions(), sent.get());
        assertThat(records.stream().map(record -> new String(record.key(), StandardCharsets.UTF_8)))
                .doesNotHaveDuplicates()
                .hasSize(sent.get());
    }

    private void lawHolds() {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(fixture.telemetry.total(Meter.IMAGES_RECEIVED))
                .isEqualTo(fixture.telemetry.total(Meter.PREDICTIONS)
                        + fixture.telemetry.total(Meter.DEAD_LETTERS, "serve")
                        + fixture.telemetry.total(Meter.IMAGES_IN_FLIGHT)
                        + fixture.telemetry.total(Meter.IMAGES_DROPPED)));
    }

    private void bad(
            List<ProducerRecord<byte[], byte[]>> sent,
            List<DeadLetterReason> reasons,
            byte @Nullable [] value,
            DeadLetterReason reason,
            String... header) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(fixture.topics.images(), 0, bytes("bad-" + sent.size()), value);
        if (header.length == 2) {
            record.headers().add(header[0], bytes(header[1]));
        }
        sent.add(record);
        reasons.add(reason);
    }

    /** Transactions that ended in a partition: what it holds beside its records. */
    private static long markers(String topic, int partition, int records) {
        TopicPartition at = new TopicPartition(topic, partition);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                TestBroker.clientProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.endOffsets(List.of(at)).getOrDefault(at, 0L) - records;
        }
    }
}
