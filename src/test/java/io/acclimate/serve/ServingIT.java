package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.Activation;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.Outcome;
import io.acclimate.core.Prediction;
import io.acclimate.core.VersionId;
import io.acclimate.infer.BiasModel;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.registry.VersionPublisher;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.TopicCreator;
import io.acclimate.wire.TopicPlan;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServingIT {
    private static final int PARTITIONS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Topics topics = TestBroker.uniqueTopics();
    private final ModelGraph graph = BiasModel.graph();
    private final Telemetry telemetry = Telemetry.inMemory();
    private final PredictionCodec codec = new PredictionCodec(WireFormat.JSON);
    private final List<AutoCloseable> open = new ArrayList<>();
    private Producer<byte[], byte[]> images = producer(Optional.empty());

    @BeforeEach
    void createTopics() {
        try (Admin admin = Admin.create(TestBroker.clientProperties())) {
            TopicCreator.ensure(admin, topics, new TopicPlan(PARTITIONS, 2, Optional.empty()));
        }
    }

    @AfterEach
    void close() throws Exception {
        images.close();
        for (AutoCloseable each : open) {
            each.close();
        }
        telemetry.close();
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void answersEachImageOnceInTheOrderOfItsPartition(Delivery delivery) throws Exception {
        int count = 900;
        for (int i = 0; i < count; i++) {
            byte[] key = i % 10 == 0 ? null : bytes("image-" + i);
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.images(), i % PARTITIONS, key, png(i));
            if (i % 4 == 0) {
                record.headers().add("domain", bytes("site-" + i % 8));
            }
            send(record);
        }
        images.flush();

        start(settings().withDelivery(delivery));

        List<ConsumerRecord<byte[], byte[]>> records = read(topics.predictions(), count);
        assertThat(records).hasSize(count);
        Map<Integer, Long> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Prediction prediction = codec.decode(record.value());
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
        await().atMost(LIMIT).untilAsserted(() -> assertThat(telemetry.total(Meter.PREDICTIONS))
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
        sent.add(new ProducerRecord<>(topics.images(), 0, new byte[] {(byte) 0xff}, good));
        reasons.add(DeadLetterReason.INVALID_IMAGE_ID);
        for (String name : List.of("domain", "content-type")) {
            bad(sent, reasons, good, DeadLetterReason.INVALID_HEADER);
            sent.get(sent.size() - 1).headers().add(name, new byte[] {'a', (byte) 0xc0, (byte) 0x80});
        }
        for (ProducerRecord<byte[], byte[]> record : sent) {
            send(record);
            send(new ProducerRecord<>(topics.images(), 0, bytes("good"), good));
        }
        images.flush();

        start(settings());

        List<ConsumerRecord<byte[], byte[]>> letters = read(topics.deadLetters(), sent.size());
        for (int i = 0; i < sent.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = letters.get(i);
            DeadLetters.DeadLetter letter = ((Outcome.Ok<DeadLetters.DeadLetter>) DeadLetters.parse(record)).value();
            assertThat(letter.reason()).as(letter.message()).isEqualTo(reasons.get(i));
            assertThat(letter.input().offset()).isEqualTo(2L * i);
            assertThat(letter.input().topic()).isEqualTo(topics.images());
            assertThat(letter.message()).isNotBlank();
            assertThat(record.value()).isEqualTo(sent.get(i).value());
        }
        assertThat(read(topics.predictions(), sent.size())).hasSize(sent.size());
        assertThat(markers(topics.predictions(), 0, sent.size())).isEqualTo(1);
        assertThat(markers(topics.deadLetters(), letters.get(0).partition(), sent.size()))
                .isEqualTo(1);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(telemetry.total(Meter.DEAD_LETTERS))
                .isEqualTo(sent.size()));
        lawHolds();
    }

    @Test
    void servesTheActiveVersionFromItsFirstPrediction() throws Exception {
        Producer<byte[], byte[]> versions = producer(Optional.of(topics.prefix() + "versions"));
        activate(versions, 1);
        activate(versions, 2);
        send(new ProducerRecord<>(topics.images(), 0, bytes("first"), png(1)));
        images.flush();

        Serving serving = start(settings());

        Prediction first = codec.decode(read(topics.predictions(), 1).get(0).value());
        assertThat(first.modelVersion()).isEqualTo(2);
        assertThat(first.best().label()).isEqualTo("two");
        assertThat(serving.liveSessions()).isEqualTo(1);
        versions.close();
    }

    @Test
    void fault14AThousandSwapsUnderLoadLoseNothingAndLeaveNoMemoryBehind() throws Exception {
        int swaps = 1_000;
        long mostOutside = 0;
        Serving serving = start(settings());
        Producer<byte[], byte[]> versions = producer(Optional.of(topics.prefix() + "versions"));
        byte[] image = png(7);
        int sent = 0;
        for (int number = 1; number <= swaps; number++) {
            for (int i = 0; i < 20; i++) {
                send(new ProducerRecord<>(topics.images(), sent % PARTITIONS, bytes("image-" + sent++), image));
            }
            activate(versions, number);
            long want = number;
            // Images keep coming while this version is built, warmed up and swapped in.
            while (telemetry.total(Meter.ACTIVE_VERSION, "default") < want) {
                send(new ProducerRecord<>(topics.images(), sent % PARTITIONS, bytes("image-" + sent++), image));
                images.flush();
            }
            if (number == swaps / 5) {
                mostOutside = residentOutsideTheHeap() + resident() / 10;
            }
        }
        assertThat(residentOutsideTheHeap()).isLessThan(mostOutside);
        images.flush();

        List<ConsumerRecord<byte[], byte[]>> records = read(topics.predictions(), sent);
        Map<Integer, Long> next = new HashMap<>();
        long last = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Prediction prediction = codec.decode(record.value());
            assertThat(prediction.input().offset()).isEqualTo(next.merge(record.partition(), 1L, Long::sum) - 1);
            assertThat(prediction.best().classIndex()).isEqualTo((int) (prediction.modelVersion() % BiasModel.CLASSES));
            last = Math.max(last, prediction.modelVersion());
        }
        assertThat(records).hasSize(sent);
        assertThat(last).isGreaterThan(swaps / 2);
        assertThat(telemetry.total(Meter.SWAP_TIME)).isEqualTo(swaps);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(serving.liveSessions()).isEqualTo(1));
        assertThat(telemetry.total(Meter.LABEL_TO_SERVED)).isPositive();
        versions.close();
        serving.close();
        assertThat(serving.liveSessions()).isZero();
    }

    @Test
    void keepsTheOldVersionWhenTheNewOneGivesNoNumbers() throws Exception {
        Serving serving = start(settings());
        Producer<byte[], byte[]> versions = producer(Optional.of(topics.prefix() + "versions"));
        activate(versions, 1);
        await().atMost(LIMIT).until(() -> telemetry.total(Meter.ACTIVE_VERSION, "default") == 1);

        publish(versions, 2, BiasModel.nan());

        await().atMost(LIMIT).until(() -> telemetry.total(Meter.ACTIVATIONS_REFUSED) == 1);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(serving.check())
                .isInstanceOfSatisfying(Health.Ready.class, ready -> assertThat(ready.remarks())
                        .singleElement()
                        .asString()
                        .contains("refused")));
        send(new ProducerRecord<>(topics.images(), 0, bytes("after"), png(1)));
        images.flush();
        assertThat(codec.decode(read(topics.predictions(), 1).get(0).value()).modelVersion())
                .isEqualTo(1);
        assertThat(serving.liveSessions()).isEqualTo(1);
        versions.close();
    }

    @Test
    void twoProcessesOfOneNameFenceEachOtherAndDoubleNothing() throws Exception {
        start(settings().withMaxPollRecords(20));
        sendGood(0, 300);
        await().atMost(LIMIT).until(() -> telemetry.total(Meter.PREDICTIONS) == 300);

        Serving twin = new Serving(
                TestBroker.clientProperties(), topics, graph, settings().withMaxPollRecords(20), telemetry);
        open.add(twin);
        twin.start();
        sendGood(300, 900);

        List<ConsumerRecord<byte[], byte[]>> records = read(topics.predictions(), 900);
        assertThat(records.stream().map(record -> new String(record.key(), StandardCharsets.UTF_8)))
                .doesNotHaveDuplicates()
                .hasSize(900);
        assertThat(telemetry.total(Meter.TRANSACTIONS_ABORTED, "serve")).isPositive();
    }

    /** Bytes of the process in memory. */
    private static long resident() throws IOException {
        String status = Files.readString(Path.of("/proc/self/status"));
        return Long.parseLong(status.replaceAll("(?s).*VmRSS:\\s+(\\d+) kB.*", "$1")) << 10;
    }

    /** Anonymous bytes in memory beyond the first 4 GiB of addresses, where a heap this small lies: sessions are among them. */
    private static long residentOutsideTheHeap() throws IOException {
        long bytes = 0;
        boolean outside = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                outside = line.indexOf('-') > 8;
            } else if (outside && line.startsWith("Anonymous:")) {
                bytes += Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return bytes;
    }

    private void sendGood(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            send(new ProducerRecord<>(topics.images(), i % PARTITIONS, bytes("image-" + i), png(i)));
        }
        images.flush();
    }

    private Serving start(ServeSettings settings) throws Exception {
        Serving serving = new Serving(TestBroker.clientProperties(), topics, graph, settings, telemetry);
        open.add(serving);
        serving.start();
        await().atMost(LIMIT).until(serving::check, Health.Ready.class::isInstance);
        return serving;
    }

    private ServeSettings settings() {
        return ServeSettings.defaults().withGroup(topics.prefix() + "serve").withWorkers(2);
    }

    private void lawHolds() {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(telemetry.total(Meter.IMAGES_RECEIVED))
                .isEqualTo(telemetry.total(Meter.PREDICTIONS)
                        + telemetry.total(Meter.DEAD_LETTERS, "serve")
                        + telemetry.total(Meter.IMAGES_IN_FLIGHT)
                        + telemetry.total(Meter.IMAGES_DROPPED)));
    }

    private void activate(Producer<byte[], byte[]> producer, long number) {
        publish(producer, number, BiasModel.version(number));
    }

    private void publish(Producer<byte[], byte[]> producer, long number, io.acclimate.onnx.WeightDelta weights) {
        VersionPublisher publisher = new VersionPublisher(topics);
        VersionId id = new VersionId(DomainId.DEFAULT, number);
        Instant now = Instant.now();
        producer.beginTransaction();
        publisher.publish(producer, id, number - 1, graph.digest(), graph.card().classes(), weights, now, Map.of());
        publisher.activate(
                producer, new Activation(id, number, Activation.Cause.PROMOTE, "better", now, 32 * number, now));
        producer.commitTransaction();
    }

    private void bad(
            List<ProducerRecord<byte[], byte[]>> sent,
            List<DeadLetterReason> reasons,
            byte @Nullable [] value,
            DeadLetterReason reason,
            String... header) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.images(), 0, bytes("bad-" + sent.size()), value);
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

    private List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
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
            consumer.poll(Duration.ofMillis(300)).forEach(records::add);
        }
        return records;
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        // A lost image shows as a missing prediction.
        var unused = images.send(record);
    }

    private static Producer<byte[], byte[]> producer(Optional<String> transactionalId) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        transactionalId.ifPresent(id -> properties.put("transactional.id", id));
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        if (transactionalId.isPresent()) {
            producer.initTransactions();
        }
        return producer;
    }

    private static byte[] png(int seed) throws IOException {
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

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
