package io.acclimate.registry;

import static io.acclimate.registry.VersionRecords.CAMERA;
import static io.acclimate.registry.VersionRecords.TOPICS;
import static io.acclimate.registry.VersionRecords.activation;
import static io.acclimate.registry.VersionRecords.chunks;
import static io.acclimate.registry.VersionRecords.version;
import static io.acclimate.registry.VersionRecords.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.core.Activation;
import io.acclimate.core.Activation.Cause;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.VersionRecords.Partition;
import io.acclimate.telemetry.Connections;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.VersionCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The follower's thread over topics in memory. */
@Tag("slow")
class VersionFollowerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final WeightDelta ONE = weights(1, 10);

    private final VersionCodec codec = new VersionCodec();
    private final Telemetry telemetry = Telemetry.inMemory();
    private final Partition versions = new Partition(TOPICS.modelVersions());
    private final Partition chunks = new Partition(TOPICS.modelWeights());
    private final List<Activation> told = new CopyOnWriteArrayList<>();
    private final List<WeightDelta> weights = new CopyOnWriteArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();
    private VersionFollower follower = follower((activation, version, delta) -> Optional.empty());

    @AfterEach
    void close() {
        follower.close();
        telemetry.close();
    }

    @Test
    void ofWhatIsThereAtTheStartOnlyTheNewestActivationIsDelivered() {
        publish(1, 0);
        versions.append(codec.encode(activation(1, 1, Cause.PROMOTE)));
        publish(2, 1);
        versions.append(codec.encode(activation(2, 2, Cause.PROMOTE)));

        start();

        assertThat(told).containsExactly(activation(2, 2, Cause.PROMOTE));
        assertThat(weights).containsExactly(ONE);
        assertThat(follower.versions(CAMERA)).hasSize(2).allSatisfy(each -> assertThat(each.provenance())
                .as("what serves does without its history")
                .isEmpty());
    }

    @Test
    void anActivationThatComesLaterIsDeliveredWithItsWeights() {
        start();
        publish(1, 0);

        versions.append(codec.encode(activation(1, 1, Cause.PROMOTE)));

        awaitActive(1);
        assertThat(weights).containsExactly(ONE);
    }

    @Test
    void damageAndTombstonesChangeNothing() {
        publish(1, 0);
        versions.append(codec.encode(activation(1, 1, Cause.PROMOTE)));
        start();

        versions.append(null);
        versions.append(new byte[] {(byte) 0xff, 3});

        await().atMost(LIMIT).until(() -> telemetry.total(Meter.ACTIVATIONS_REFUSED, "unreadable") == 1);
        assertThat(follower.active(CAMERA)).contains(activation(1, 1, Cause.PROMOTE));
        assertThat(follower.versions(CAMERA)).hasSize(1);
        assertThat(told).hasSize(1);
    }

    @Test
    void damagedWeightsAreRefusedAndTheNextVersionIsDelivered() {
        publish(1, 5);
        versions.append(codec.encode(activation(1, 1, Cause.PROMOTE)));
        publish(2, 1);
        start();
        await().atMost(LIMIT).until(() -> telemetry.total(Meter.ACTIVATIONS_REFUSED, "incomplete") == 1);
        assertThat(told).isEmpty();

        versions.append(codec.encode(activation(2, 2, Cause.PROMOTE)));

        awaitActive(2);
    }

    @Test
    void aListenerThatRefusesOrFailsKeepsWhatItHasAndHearsOfTheNextVersion() {
        follower = follower((activation, version, delta) -> {
            if (activation.version().number() == 1) {
                return Optional.of("the dry run gave NaN");
            }
            if (activation.version().number() == 2) {
                throw new IllegalStateException("a bug");
            }
            return Optional.empty();
        });
        for (int number = 1; number <= 3; number++) {
            publish(number, number - 1);
        }
        start();

        versions.append(codec.encode(activation(1, 1, Cause.PROMOTE)));
        await().atMost(LIMIT).until(() -> telemetry.total(Meter.ACTIVATIONS_REFUSED, "warm-up") == 1);
        versions.append(codec.encode(activation(2, 2, Cause.PROMOTE)));
        await().atMost(LIMIT).until(() -> telemetry.total(Meter.ACTIVATIONS_REFUSED, "failure") == 1);
        assertThat(follower.active()).isEmpty();
        versions.append(codec.encode(activation(3, 3, Cause.PROMOTE)));

        awaitActive(3);
    }

    @Test
    void theSourceModelIsDeliveredWithoutARecordAndWithoutWeights() {
        start();

        versions.append(codec.encode(activation(0, 1, Cause.ROLLBACK)));

        awaitActive(0);
        assertThat(weights).containsExactly(WeightDelta.EMPTY);
    }

    @Test
    void afterAFailureOfKafkaNewClientsReadOn() {
        AtomicInteger attempts = new AtomicInteger();
        follower = new VersionFollower(
                () -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new TopicAuthorizationException("no right to read");
                    }
                    return versions;
                },
                this::reader,
                TOPICS,
                Optional.of(this::take),
                telemetry);
        publish(1, 0);
        versions.append(codec.encode(activation(1, 1, Cause.PROMOTE)));

        start();

        assertThat(told).containsExactly(activation(1, 1, Cause.PROMOTE));
        assertThat(attempts).hasValue(3);
    }

    @Test
    void anExceptionThatNobodyExpectsMakesItNotReadyWithTheReason() {
        start();
        // These consumers have no connections, and nothing else is missing.
        await().atMost(LIMIT).until(() -> follower.check().equals(Health.notReady(Connections.MISSING)));

        versions.schedulePollTask(() -> {
            throw new IllegalStateException("a bug");
        });

        await().atMost(LIMIT).untilAsserted(() -> assertThat(follower.check())
                .isEqualTo(Health.notReady("a restart, because thread version-follower has ended:"
                        + " java.lang.IllegalStateException: a bug")));
        assertThat(versions.closed()).isTrue();
    }

    @Test
    void whoFollowsPointersOnlyReadsNoWeightsAndTakesEveryPointer() {
        follower = new VersionFollower(() -> versions, this::reader, TOPICS, Optional.empty(), telemetry);
        versions.append(codec.encode(activation(7, 1, Cause.PROMOTE)));

        start();

        assertThat(follower.active(CAMERA)).contains(activation(7, 1, Cause.PROMOTE));
        assertThat(follower.domains()).containsExactly(CAMERA);
        assertThat(telemetry.total(Meter.ACTIVATIONS_REFUSED)).isZero();
    }

    @Test
    void isNotReadyBeforeItsStartAndAfterItsEnd() {
        assertThat(follower.check()).isEqualTo(Health.notReady("the version follower to be started"));
        start();

        follower.close();

        assertThat(follower.check()).isInstanceOf(Health.NotReady.class);
        assertThat(versions.closed()).isTrue();
        assertThat(chunks.closed()).isTrue();
        assertThat(opened).hasValue(1);
    }

    private void start() {
        follower.start();
        assertThat(follower.awaitCaughtUp(LIMIT)).isTrue();
    }

    private VersionFollower follower(ActivationListener listener) {
        return new VersionFollower(
                () -> {
                    opened.incrementAndGet();
                    return versions;
                },
                this::reader,
                TOPICS,
                Optional.of((activation, version, delta) -> {
                    Optional<String> refusal = listener.onActivation(activation, version, delta);
                    return refusal.isPresent() ? refusal : take(activation, version, delta);
                }),
                telemetry);
    }

    private Optional<String> take(
            Activation activation, Optional<io.acclimate.core.ModelVersion> version, WeightDelta delta) {
        told.add(activation);
        weights.add(delta);
        return Optional.empty();
    }

    private WeightReader reader() {
        return new WeightReader(chunks, TOPICS, Duration.ofMillis(1));
    }

    /** A version of one chunk, whose record says that it is at {@code offset}. */
    private void publish(long number, long offset) {
        List<byte[]> parts = new ArrayList<>(chunks(number, ONE.toBytes()));
        parts.forEach(chunks::append);
        versions.append(codec.encode(version(number, ONE.toBytes(), offset)));
    }

    private void awaitActive(long number) {
        await().atMost(LIMIT).until(() -> follower.active(CAMERA).stream()
                .anyMatch(active -> active.version().number() == number));
    }
}
