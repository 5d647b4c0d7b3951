package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Activation;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.wire.v1.ModelVersionRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VersionCodecTest {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final DomainId DOMAIN = new DomainId("camera-1");

    private final VersionCodec codec = new VersionCodec();

    private static ModelVersion version() {
        return new ModelVersion(
                new VersionId(DOMAIN, 7),
                4,
                Digest.of(new byte[] {1}),
                List.of("cat", "dog"),
                Digest.of(new byte[] {2}),
                new Coordinates("model-weights", 1, 90),
                3,
                2_500_000,
                TIME,
                Map.of("seed", "1", "mini-batches", "4,5"));
    }

    private static Activation activation(Activation.Cause cause) {
        return new Activation(
                new VersionId(DOMAIN, 7), 9, cause, "promoted by the gate", TIME, 640, TIME.minusSeconds(3));
    }

    @Test
    void aVersionComesBackAsItWas() {
        assertThat(codec.decode(codec.encode(version()))).isEqualTo(new VersionRecord.Version(version()));
    }

    @ParameterizedTest
    @EnumSource(Activation.Cause.class)
    void anActivationComesBackAsItWas(Activation.Cause cause) {
        assertThat(codec.decode(codec.encode(activation(cause))))
                .isEqualTo(new VersionRecord.Active(activation(cause)));
    }

    @Test
    void everyVersionHasAKeyOfItsOwnAndADomainOneActivePointer() {
        assertThat(codec.key(new VersionId(DOMAIN, 7)))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("camera-1/v/7");
        assertThat(codec.activeKey(DOMAIN)).asString(StandardCharsets.UTF_8).isEqualTo("camera-1/active");
    }

    @Test
    void aTemperatureIsKeptAndARecordWithoutOneHasNone() {
        ModelVersion plain = version();
        ModelVersion calibrated = new ModelVersion(
                plain.id(),
                plain.parent(),
                plain.base(),
                plain.classes(),
                plain.weights(),
                plain.location(),
                plain.chunks(),
                plain.bytes(),
                plain.createdAt(),
                plain.provenance(),
                1.75);

        assertThat(codec.decode(codec.encode(calibrated))).isEqualTo(new VersionRecord.Version(calibrated));
        assertThat(codec.decode(codec.encode(calibrated.pinned(true))))
                .isEqualTo(new VersionRecord.Version(calibrated.pinned(true)));
        assertThat(plain.temperature()).isOne();
        assertThat(calibrated.pinned(true).temperature()).isEqualTo(1.75);
    }

    @Test
    void aRecordOfNeitherKindIsUnreadable() {
        assertThatThrownBy(() -> codec.decode(new byte[0]))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("a version record names neither version nor activation");
        assertThatThrownBy(() -> codec.decode(new byte[] {(byte) 0xff}))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("not a version record: ");
    }

    @Test
    void anActivationOfAnUnknownCauseIsUnreadableAndNotGuessed() {
        byte[] value = ModelVersionRecord.newBuilder()
                .setActivation(VersionCodec.proto(activation(Activation.Cause.PROMOTE)).toBuilder()
                        .setCauseValue(42))
                .build()
                .toByteArray();

        assertThatThrownBy(() -> codec.decode(value))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("an activation of camera-1 has unknown cause 42");
    }

    @Test
    void aVersionThatBreaksARuleIsUnreadableAndSaysWhich() {
        ModelVersionRecord good;
        try {
            good = ModelVersionRecord.parseFrom(codec.encode(version()));
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        byte[] itsOwnParent = good.toBuilder()
                .setVersion(good.getVersion().toBuilder().setParent(7))
                .build()
                .toByteArray();
        byte[] badDigest = good.toBuilder()
                .setVersion(good.getVersion().toBuilder().setWeightsDigest("beef"))
                .build()
                .toByteArray();

        assertThatThrownBy(() -> codec.decode(itsOwnParent)).hasMessageContaining("cannot come from version 7");
        assertThatThrownBy(() -> codec.decode(badDigest)).hasMessageContaining("got 'beef'");
    }
}
