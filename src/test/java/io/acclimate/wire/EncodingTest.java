package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.wire.v1.Coordinates;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EncodingTest {
    private static final Coordinates MESSAGE =
            Coordinates.newBuilder().setTopic("labels").setOffset(7).build();

    @Test
    void eachFormatSaysItsContentType() {
        assertThat(Encoding.of(WireFormat.JSON).contentType()).isEqualTo("application/json");
        assertThat(Encoding.of(WireFormat.PROTOBUF).contentType()).isEqualTo("application/protobuf");
    }

    @Test
    void jsonIsOneLineWithEveryFieldAndProtobufTheMessage() throws InvalidProtocolBufferException {
        assertThat(Encoding.JSON.bytes(MESSAGE))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"topic\":\"labels\",\"partition\":0,\"offset\":\"7\"}");
        assertThat(Coordinates.parseFrom(Encoding.PROTOBUF.bytes(MESSAGE))).isEqualTo(MESSAGE);
    }

    @Test
    void aFrameNeedsASchema() {
        assertThatThrownBy(() -> Encoding.of(WireFormat.PROTOBUF_REGISTRY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PROTOBUF_REGISTRY needs a schema");
    }

    @Test
    void namesItsFormat() {
        assertThat(Encoding.JSON).hasToString("JSON");
        assertThat(Encoding.PROTOBUF.format()).isEqualTo(WireFormat.PROTOBUF);
    }
}
