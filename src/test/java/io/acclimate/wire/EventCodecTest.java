package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventCodecTest {
    private static final AdaptationEvent.Reset RESET = new AdaptationEvent.Reset(
            new DomainId("camera-1"), Instant.parse("2026-11-29T05:00:00Z"), 7, 3, "no longer proven");

    @ParameterizedTest
    @EnumSource(names = {"JSON", "PROTOBUF"})
    void aResetIsReadAsItWasWritten(WireFormat format) {
        EventCodec codec = new EventCodec(format);

        assertThat(codec.decode(codec.encode(RESET))).isEqualTo(RESET);
    }

    @Test
    void aResetHasThisForm() {
        String json = new String(new EventCodec(WireFormat.JSON).encode(RESET), StandardCharsets.UTF_8);

        assertThat(json.replaceAll("\\s", ""))
                .isEqualTo(
                        "{\"domain\":\"camera-1\",\"at\":\"2026-11-29T05:00:00Z\",\"reset\":{\"miniBatch\":\"7\",\"previous\":\"3\","
                                + "\"reason\":\"nolongerproven\"}}");
    }
}
