package io.acclimate.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import io.acclimate.core.Activation;
import io.acclimate.core.ClassNames;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Shape;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import io.acclimate.wire.VersionCodec;
import io.acclimate.wire.v1.WeightChunk;
import java.time.Duration;
import java.time.Instant;
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

class RegistryIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final Digest BASE = Digest.of(new byte[] {1});
    private static final ClassNames CLASSES = new ClassNames(List.of("cat", "dog"));
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private record Delivered(Activation activation, WeightDelta weights) {}

    private final Topics topics = TestBroker.uniqueTopics();
    private final List<Delivered> delivered = new CopyOnWriteArrayList<>();
    private final Telemetry telemetry = Telemetry.inMemory();
    private final VersionPublisher publisher = new VersionPublisher(topics);
    private Producer<byte[], byte[]> producer;
    private VersionFollower follower;
    private volatile long failAt = -1;
    private volatile long refuseAt = -1;

    @BeforeEach
    void begin() {
        TestBroker.createTopics(topics);
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("transactional.id", topics.prefix() + "writer");
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        follower = follower();
        follower.start();
        assertThat(follower.awaitCaughtUp(LIMIT)).isTrue();
    }

    @AfterEach
    void end() {
        follower.close();
        producer.close();
    }

    @Test
    void deliversWhatWasCommittedWithItsWeights() {
        WeightDelta weights = weights(1, 400_000);

        ModelVersion version = commit(1, weights);

        // Active once the listener has taken it.
        awaitActive(1, 1);
        assertThat(version.chunks()).isGreaterThan(2);
        assertThat(delivered).singleElement().satisfies(each -> assertThat(each.weights())
                .isEqualTo(weights));
        assertThat(follower.versions(CAMERA)).containsExactly(version.withoutProvenance());
        assertThat(follower.check()).isInstanceOf(Health.Ready.class);
    }

    @Test
    void aListenerThatFailsOrRefusesKeepsTheOldVersionAndHearsOfTheNext() {
        failAt = 2;
        refuseAt = 3;
        commit(1, weights(1, 10));
        awaitActive(1, 1);

        commit(2, weights(2, 10));
        await().atMost(LIMIT).until(() -> telemetry.total(Meter.ACTIVATIONS_REFUSED, "failure") == 1);
        commit(3, weights(3, 10));
        await().atMost(LIMIT).until(() -> telemetry.total(Meter.ACTIVATIONS_REFUSED, "warm-up") == 1);

        assertThat(follower.active(CAMERA)).contains(activation(1, 1));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(follower.check())
                .isInstanceOfSatisfying(Health.Ready.class, ready -> assertThat(ready.remarks())
                        .singleElement()
                        .asString()
                        .contains(id(3).toString(), "scores are not finite")));
        commit(4, weights(4, 10));
        awaitActive(4, 4);
        assertThat(delivered).extracting(each -> each.activation().epoch()).containsExactly(1L, 4L);
        await().atMost(LIMIT).until(() -> follower.check().equals(Health.READY));
    }

    @Test
    void whoeverOnlyWantsThePointersReadsNoWeights() {
        producer.beginTransaction();
        ModelVersion damaged = damaged(1, bytes -> {
            bytes[bytes.length - 1] ^= 4;
            return bytes;
        });
        publisher.activate(producer, activation(damaged.id().number(), 1));
        producer.commitTransaction();

        try (VersionFollower pointers =
                VersionFollower.ofPointers(TestBroker.clientProperties(), topics, Telemetry.inMemory())) {
            pointers.start();
            assertThat(pointers.awaitCaughtUp(LIMIT)).isTrue();

            assertThat(pointers.active(CAMERA)).contains(activation(1, 1));
            assertThat(pointers.versions(CAMERA)).containsExactly(damaged);
        }
    }

    @Test
    void ignoresLowerAndEqualEpochsAndTombstones() throws Exception {
        commit(1, weights(1, 10));
        commit(2, weights(2, 10));
        awaitActive(2, 2);
        int before = delivered.size();

        producer.beginTransaction();
        publisher.activate(producer, activation(1, 1));
        publisher.activate(producer, activation(1, 2));
        producer.send(new ProducerRecord<>(
                        topics.modelVersions(), partition(), new VersionCodec().activeKey(CAMERA), null))
                .get();
        producer.commitTransaction();
        producer.beginTransaction();
        publisher.activate(producer, new Activation(id(0), 3, Activation.Cause.ROLLBACK, "test", NOW, 0, NOW));
        producer.commitTransaction();

        await().atMost(LIMIT).until(() -> delivered.size() > before);
        assertThat(delivered.get(before).activation().epoch()).isEqualTo(3);
        assertThat(delivered.get(before).weights()).isEqualTo(WeightDelta.EMPTY);
    }

    @Test
    void startsLateWithOnlyTheNewestActivation() {
        commit(1, weights(1, 10));
        commit(2, weights(2, 10));
        producer.beginTransaction();
        publisher.activate(producer, new Activation(id(1), 3, Activation.Cause.ROLLBACK, "test", NOW, 0, NOW));
        producer.commitTransaction();
        awaitActive(1, 3);
        delivered.clear();

        try (VersionFollower late = follower()) {
            late.start();
            assertThat(late.awaitCaughtUp(LIMIT)).isTrue();
            assertThat(delivered).hasSize(1);
            assertThat(delivered.get(0).weights()).isEqualTo(weights(1, 10));
        }
    }

    @Test
    void keepsABoundedNumberOfVersionsAndStillFindsOneThatItNoLongerKeeps() {
        int all = ActiveVersions.KEPT + 100;
        for (int number = 1; number <= all; number++) {
            if (number % 50 == 1) {
                producer.beginTransaction();
            }
            publish(number, weights(number, 10));
            if (number % 50 == 0 || number == all) {
                publisher.activate(producer, activation(number, number));
                producer.commitTransaction();
            }
        }
        awaitActive(all, all);

        assertThat(follower.versions(CAMERA)).hasSizeLessThanOrEqualTo(ActiveVersions.KEPT + 1);
        producer.beginTransaction();
        publisher.activate(producer, new Activation(id(3), all + 1, Activation.Cause.ROLLBACK, "test", NOW, 0, NOW));
        producer.commitTransaction();
        awaitActive(3, all + 1);
        assertThat(delivered.get(delivered.size() - 1).weights()).isEqualTo(weights(3, 10));
    }

    @Test
    void saysWhatItWaitsForWithoutABroker() {
        try (VersionFollower alone = new VersionFollower(
                Map.of("bootstrap.servers", "127.0.0.1:1"), topics, (a, v, w) -> Optional.empty(), telemetry)) {
            alone.start();
            assertThat(alone.check()).isInstanceOf(Health.NotReady.class);
            assertThat(alone.awaitCaughtUp(Duration.ofMillis(10))).isFalse();
        }
    }

    private VersionFollower follower() {
        return new VersionFollower(TestBroker.clientProperties(), topics, this::take, telemetry);
    }

    private Optional<String> take(Activation activation, Optional<ModelVersion> version, WeightDelta weights) {
        if (activation.epoch() == failAt) {
            throw new IllegalStateException("a listener with a bug");
        }
        if (activation.epoch() == refuseAt) {
            return Optional.of("scores are not finite");
        }
        delivered.add(new Delivered(activation, weights));
        return Optional.empty();
    }

    private ModelVersion commit(long number, WeightDelta weights) {
        producer.beginTransaction();
        ModelVersion version = publish(number, weights);
        publisher.activate(producer, activation(number, number));
        producer.commitTransaction();
        return version;
    }

    private ModelVersion publish(long number, WeightDelta weights) {
        return publisher.publish(producer, id(number), number - 1, BASE, CLASSES, weights, NOW, Map.of("seed", "1"));
    }

    /** A version whose record names the right digest of bytes that were changed on their way. */
    private ModelVersion damaged(long number, java.util.function.UnaryOperator<byte[]> fault) {
        byte[] good = weights(number, 10).toBytes();
        try {
            WeightChunk chunk = WeightChunks.chunk(id(number), fault.apply(good.clone()), 0, 1);
            long offset = producer.send(new ProducerRecord<>(
                            topics.modelWeights(), partition(), new byte[] {0}, chunk.toByteArray()))
                    .get()
                    .offset();
            ModelVersion version = new ModelVersion(
                    id(number),
                    0,
                    BASE,
                    CLASSES.names(),
                    Digest.of(good),
                    new Coordinates(topics.modelWeights(), partition(), offset),
                    1,
                    good.length,
                    NOW,
                    Map.of());
            VersionCodec codec = new VersionCodec();
            producer.send(new ProducerRecord<>(
                            topics.modelVersions(), partition(), codec.key(version.id()), codec.encode(version)))
                    .get();
            return version;
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private int partition() {
        return io.acclimate.wire.Partitions.ofDomain(
                CAMERA, producer.partitionsFor(topics.modelVersions()).size());
    }

    private void awaitActive(long number, long epoch) {
        await().atMost(LIMIT).until(() -> follower.active(CAMERA)
                .filter(a -> a.version().number() == number && a.epoch() == epoch)
                .isPresent());
    }

    private static Activation activation(long number, long epoch) {
        return new Activation(id(number), epoch, Activation.Cause.PROMOTE, "test", NOW, 32, NOW);
    }

    private static VersionId id(long number) {
        return new VersionId(CAMERA, number);
    }

    private static WeightDelta weights(long seed, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = i * 0.5f + seed;
        }
        return WeightDelta.of(Map.of("fc.weight", FloatTensor.wrap(Shape.of(size), values)));
    }
}
