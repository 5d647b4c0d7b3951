package io.acclimate.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.Activation;
import io.acclimate.core.Activation.Cause;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Shape;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.Topics;
import io.acclimate.wire.VersionCodec;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damage between the worker that publishes a version and those who serve it. */
class RegistryFaultIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final Digest BASE = Digest.of(new byte[] {1});
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(90);
    /** Floats of a delta of three chunks. */
    private static final int SIZE = 5 * WeightChunks.CHUNK_BYTES / 8;

    private static final List<String> CLASSES = List.of("boot", "bag");
    private static final List<Integer> WHOLE = List.of(0, 1, 2);

    private final Topics topics = TestBroker.uniqueTopics();
    private final List<Activation> delivered = new CopyOnWriteArrayList<>();
    private final Telemetry telemetry = Telemetry.inMemory();
    private final VersionPublisher publisher = new VersionPublisher(topics);
    private final VersionCodec codec = new VersionCodec();
    private Producer<byte[], byte[]> producer;
    private VersionFollower follower;

    @BeforeEach
    void begin() throws Exception {
        TestBroker.createTopics(topics);
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("transactional.id", topics.prefix() + "writer");
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        follower = new VersionFollower(
                TestBroker.clientProperties(),
                topics,
                (activation, version, weights) -> {
                    delivered.add(activation);
                    return Optional.empty();
                },
                telemetry);
        follower.start();
        commitWhole(5, weights(5), activation(5, 1, Cause.PROMOTE));
        awaitActive(5, 1);
    }

    @AfterEach
    void end() {
        follower.close();
        producer.close();
    }

    @ParameterizedTest
    @CsvSource({"0 2, 3", "0 1 1 2, 3", "0 2 1, 3", "1 0 2, 3", "0 1 2, 4", "0 1 2, 2"})
    void fault08PartsMissingRepeatedReorderedOrMiscountedKeepTheOldVersion(String parts, int claimed) throws Exception {
        List<Integer> order =
                List.of(parts.split(" ")).stream().map(Integer::valueOf).toList();
        producer.beginTransaction();
        ModelVersion damaged = version(6, weights(6), order, claimed);
        // What follows in the partition is another version's, as after a worker that went on.
        version(7, weights(7), WHOLE, 3);
        publisher.activate(producer, activation(damaged.id().number(), 2, Cause.PROMOTE));
        producer.commitTransaction();

        await().atMost(LIMIT).until(() -> telemetry.total(Meter.ACTIVATIONS_REFUSED, "incomplete") == 1);
        assertThat(follower.active(CAMERA)).contains(activation(5, 1, Cause.PROMOTE));
        commit(activation(7, 3, Cause.PROMOTE));
        awaitActive(7, 3);
        assertThat(delivered).extracting(each -> each.version().number()).containsExactly(5L, 7L);
    }

    @Test
    void fault08LastPartsThatNeverComeAndBytesThatAreOnlyClaimedTakeNoMemory() throws Exception {
        producer.beginTransaction();
        ModelVersion cut = version(6, weights(6), List.of(0, 1), 3);
        producer.commitTransaction();
        ModelVersion huge = new ModelVersion(
                cut.id(), 5, BASE, CLASSES, cut.weights(), cut.location(), 4_000, 2_000_000_000L, NOW, Map.of());
        ModelVersion elsewhere = new ModelVersion(
                cut.id(),
                5,
                BASE,
                CLASSES,
                cut.weights(),
                new Coordinates("weights", 999, 0),
                3,
                cut.bytes(),
                NOW,
                Map.of());
        long before = allocated();
        try (WeightReader reader = WeightReader.open(TestBroker.clientProperties(), topics, Duration.ofSeconds(1))) {
            for (ModelVersion version : List.of(cut, huge, elsewhere)) {
                assertThat(reader.fetch(version))
                        .isInstanceOfSatisfying(Fetched.Refused.class, refused -> assertThat(refused.kind())
                                .isEqualTo("incomplete"));
            }
        }
        assertThat(allocated() - before).isLessThan(200L << 20);
    }

    @Test
    void fault08PartsOfAnAbortedTransactionAreNeverSeen() throws Exception {
        producer.beginTransaction();
        version(6, weights(6), WHOLE, 3);
        publisher.activate(producer, activation(6, 2, Cause.PROMOTE));
        producer.abortTransaction();

        commitWhole(6, weights(60), activation(6, 2, Cause.PROMOTE));

        awaitActive(6, 2);
        assertThat(follower.versions(CAMERA))
                .extracting(ModelVersion::weights)
                .containsExactly(weights(5).digest(), weights(60).digest());
        assertThat(telemetry.total(Meter.ACTIVATIONS_REFUSED)).isZero();
    }

    @Test
    void fault09EveryFlippedBitIsRefusedByItsDigestAndTheOldVersionStays() throws Exception {
        int epoch = 2;
        for (int at : new int[] {0, 40, 400_000, SIZE * 4}) {
            producer.beginTransaction();
            byte[] bytes = weights(6).toBytes();
            bytes[at] ^= 1;
            ModelVersion damaged = version(6 + epoch, bytes, weights(6).digest(), WHOLE, 3);
            publisher.activate(producer, activation(damaged.id().number(), epoch, Cause.PROMOTE));
            producer.commitTransaction();
            int refused = epoch - 1;
            await().atMost(LIMIT).until(() -> telemetry.total(Meter.ACTIVATIONS_REFUSED, "digest") == refused);
            epoch++;
        }
        assertThat(follower.active(CAMERA)).contains(activation(5, 1, Cause.PROMOTE));
        assertThat(delivered).hasSize(1);
    }

    @Test
    void fault15LowerAndEqualVersionsAreIgnoredUnlessTheyAreAskedForAsSuch() throws Exception {
        commitWhole(4, weights(4), activation(4, 1, Cause.PROMOTE));
        commit(activation(4, 2, Cause.PROMOTE));
        commit(activation(5, 3, Cause.PROMOTE));
        commit(activation(4, 4, Cause.ROLLBACK));
        awaitActive(4, 4);
        assertThat(delivered).containsExactly(activation(5, 1, Cause.PROMOTE), activation(4, 4, Cause.ROLLBACK));

        commit(activation(5, 3, Cause.ROLLBACK));
        commit(activation(5, 5, Cause.ACTIVATE));
        awaitActive(5, 5);
        assertThat(delivered).hasSize(3);
    }

    /** Writes chosen chunks of the weights, in that order, and a record that claims {@code claimed} of them. */
    private ModelVersion version(long number, WeightDelta weights, List<Integer> parts, int claimed) throws Exception {
        return version(number, weights.toBytes(), weights.digest(), parts, claimed);
    }

    private ModelVersion version(long number, byte[] bytes, Digest digest, List<Integer> parts, int claimed)
            throws Exception {
        VersionId id = new VersionId(CAMERA, number);
        int partition = Partitions.ofDomain(
                CAMERA, producer.partitionsFor(topics.modelVersions()).size());
        List<Long> offsets = new ArrayList<>();
        for (int part : parts) {
            byte[] chunk = WeightChunks.chunk(id, bytes, part, 3).toByteArray();
            offsets.add(producer.send(new ProducerRecord<>(topics.modelWeights(), partition, new byte[] {0}, chunk))
                    .get()
                    .offset());
        }
        ModelVersion version = new ModelVersion(
                id,
                number - 1,
                BASE,
                CLASSES,
                digest,
                new Coordinates(topics.modelWeights(), partition, offsets.get(0)),
                claimed,
                bytes.length,
                NOW,
                Map.of());
        producer.send(new ProducerRecord<>(topics.modelVersions(), partition, codec.key(id), codec.encode(version)))
                .get();
        return version;
    }

    private void commitWhole(long number, WeightDelta weights, Activation activation) throws Exception {
        producer.beginTransaction();
        version(number, weights, WHOLE, 3);
        publisher.activate(producer, activation);
        producer.commitTransaction();
    }

    private void commit(Activation activation) {
        producer.beginTransaction();
        publisher.activate(producer, activation);
        producer.commitTransaction();
    }

    private void awaitActive(long number, long epoch) {
        await().atMost(LIMIT).until(() -> follower.active(CAMERA)
                .filter(active -> active.version().number() == number && active.epoch() == epoch)
                .isPresent());
    }

    private static Activation activation(long number, long epoch, Cause cause) {
        return new Activation(new VersionId(CAMERA, number), epoch, cause, "test", NOW, 32, NOW);
    }

    private static WeightDelta weights(long seed) {
        float[] values = new float[SIZE];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 0.5f + seed;
        }
        return WeightDelta.of(Map.of("fc.weight", FloatTensor.wrap(Shape.of(SIZE), values)));
    }

    /** Bytes that this thread has allocated so far. */
    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
