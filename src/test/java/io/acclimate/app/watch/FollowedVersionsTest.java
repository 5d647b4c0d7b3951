package io.acclimate.app.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.kafka.FakeLog;
import io.acclimate.registry.VersionFollower;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FollowedVersionsTest {
    private static final DomainId CAMERA = new DomainId("camera-1");

    private final Telemetry telemetry = Telemetry.inMemory();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final FakeLog log = new FakeLog();
    private final FollowedVersions versions = new FollowedVersions(
            VersionFollower.ofPointers(Map.of("bootstrap.servers", "localhost:1"), Topics.DEFAULT, telemetry),
            producer,
            () -> log,
            Topics.DEFAULT);

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void submitsACommandUnderItsDomainWithoutWaitingForTheBroker() {
        ControlCommand command = new ControlCommand.Activate("c1", CAMERA, 7);

        versions.submit(command);

        assertThat(producer.history()).singleElement().satisfies(sent -> {
            assertThat(sent.topic()).isEqualTo(Topics.DEFAULT.modelControl());
            assertThat(sent.key()).isEqualTo("camera-1".getBytes(StandardCharsets.UTF_8));
            assertThat(new ControlCodec().decode(sent.value())).isEqualTo(command);
        });
    }

    @Test
    void aCommandThatTheBrokerRefusesDisturbsNobody() {
        versions.submit(new ControlCommand.Pause("c1", CAMERA));

        assertThat(producer.errorNext(new IllegalStateException("refused"))).isTrue();

        versions.submit(new ControlCommand.Resume("c2", CAMERA));
        assertThat(producer.history()).hasSize(2);
    }

    @Test
    void knowsNoDomainAndIsNotReadyBeforeItIsStarted() {
        assertThat(versions.name()).isEqualTo("versions");
        assertThat(versions.domains()).isEmpty();
        assertThat(versions.versions(CAMERA)).isEmpty();
        assertThat(versions.active(CAMERA)).isEmpty();
        assertThat(versions.check()).isInstanceOf(Health.NotReady.class);
    }

    @Test
    void closesItsProducer() {
        versions.close();

        assertThat(producer.closed()).isTrue();
    }
}
