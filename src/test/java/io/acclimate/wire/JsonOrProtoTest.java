package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.wire.v1.Coordinates;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonOrProtoTest {
    private static final Coordinates MESSAGE = Coordinates.newBuilder()
            .setTopic("labels")
            .setPartition(2)
            .setOffset(7)
            .build();

    private static Coordinates read(byte[] bytes) {
        Coordinates.Builder builder = Coordinates.newBuilder();
        JsonOrProto.read(bytes, builder);
        return builder.build();
    }

    @Test
    void theFirstByteTellsJsonFromProtobuf() {
        assertThat(read(JsonOrProto.json(MESSAGE))).isEqualTo(MESSAGE);
        assertThat(read(MESSAGE.toByteArray())).isEqualTo(MESSAGE);
    }

    @Test
    void nothingIsAMessageWithoutFields() {
        assertThat(read(new byte[0])).isEqualTo(Coordinates.getDefaultInstance());
    }

    @Test
    void jsonThatWouldTakeSecondsToReadIsRefusedByItsSize() {
        byte[] large = ("{\"offset\":" + "9".repeat(256 * 1024) + "}").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> read(large))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("JSON of " + large.length + " bytes, at most 262144 are read");
    }

    @Test
    void whatIsNeitherIsNamedByItsMessage() {
        assertThatThrownBy(() -> read("{\"offset\":true}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("not a Coordinates: ");
        assertThatThrownBy(() -> read(new byte[] {(byte) 0xff, 1}))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("not a Coordinates: ");
    }
}
