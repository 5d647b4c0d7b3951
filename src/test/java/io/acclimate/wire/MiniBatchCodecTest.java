package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MiniBatchCodecTest {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00.123456789Z");
    private static final DomainId DOMAIN = new DomainId("camera-1");

    private final MiniBatchCodec codec = new MiniBatchCodec();

    private static LabelledSample sample(Optional<String> contentType) {
        return new LabelledSample(
                new ImageId("image-7"),
                3,
                "cat",
                new Payload(Bytes.wrap(new byte[] {1, 2, 3}), contentType),
                new Coordinates("labels", 2, 41),
                TIME);
    }

    private static MiniBatch batch(MiniBatch.FlushCause cause) {
        return new MiniBatch(
                DOMAIN, 5, cause, List.of(sample(Optional.of("image/png")), sample(Optional.empty())), TIME, TIME);
    }

    @ParameterizedTest
    @EnumSource(MiniBatch.FlushCause.class)
    void aMiniBatchComesBackAsItWas(MiniBatch.FlushCause cause) {
        assertThat(codec.decode(codec.encode(batch(cause)))).isEqualTo(batch(cause));
    }

    @Test
    void aSampleComesBackAsItWas() {
        LabelledSample sample = sample(Optional.of("image/jpeg"));

        assertThat(codec.decodeSample(codec.encodeSample(sample))).isEqualTo(sample);
    }

    @Test
    void aFlushCauseOfALaterBuildIsReadAsTime() {
        byte[] value = io.acclimate.wire.v1.MiniBatch.newBuilder()
                .setDomain("camera-1")
                .setCauseValue(99)
                .setOpenedAt(Timestamp.getDefaultInstance())
                .setClosedAt(Timestamp.getDefaultInstance())
                .addSamples(io.acclimate.wire.v1.LabelledSample.newBuilder()
                        .setImageId("image-7")
                        .setLabel(io.acclimate.wire.v1.Coordinates.newBuilder().setTopic("labels")))
                .build()
                .toByteArray();

        assertThat(codec.decode(value).cause()).isEqualTo(MiniBatch.FlushCause.TIME);
    }

    @Test
    void bytesThatAreNoMessageAreUnreadable() {
        byte[] garbage = "no mini-batch".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> codec.decode(garbage))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("not a mini-batch: ");
        assertThatThrownBy(() -> codec.decodeSample(garbage))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("not a labelled sample: ");
    }

    @Test
    void aMessageThatBreaksARuleIsUnreadableAndSaysWhich() {
        byte[] noDomain = io.acclimate.wire.v1.MiniBatch.newBuilder()
                .setDomain("not a domain")
                .build()
                .toByteArray();
        byte[] beyondTime = io.acclimate.wire.v1.MiniBatch.newBuilder()
                .setDomain("camera-1")
                .setOpenedAt(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
                .build()
                .toByteArray();

        assertThatThrownBy(() -> codec.decode(noDomain))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("not a domain");
        assertThatThrownBy(() -> codec.decode(beyondTime))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("no time");
    }
}
