package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.Prediction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class PredictionCodecTest {
    private static final JsonFormat.Printer LIBRARY =
            JsonFormat.printer().alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();

    private final PredictionCodec json = new PredictionCodec(WireFormat.JSON);
    private final PredictionCodec protobuf = new PredictionCodec(WireFormat.PROTOBUF);

    @Property(tries = 500)
    void jsonIsTheSchemasOwnMapping(
            @ForAll @StringLength(min = 1, max = 40) String id,
            @ForAll String label,
            @ForAll @IntRange(max = 1000) int classIndex,
            @ForAll @FloatRange(max = 1) float confidence,
            @ForAll @LongRange(min = 0) long offset,
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long eventMillis,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long tookNanos)
            throws InvalidProtocolBufferException {
        Prediction prediction = new Prediction(
                new ImageId(printable(id)),
                DomainId.DEFAULT,
                List.of(new ClassScore(classIndex, printable(label), confidence), new ClassScore(0, "<a & b>", 0f)),
                offset / 2,
                new Coordinates("images", classIndex, offset),
                Instant.ofEpochMilli(eventMillis),
                Duration.ofNanos(tookNanos));

        String text = new String(json.encode(prediction), StandardCharsets.UTF_8);

        assertThat(text).isEqualTo(LIBRARY.print(PredictionCodec.message(prediction)));
    }

    @Test
    void bothFormsComeBackAsTheyWere() {
        Prediction prediction = new Prediction(
                new ImageId("camera ' \" \u2028 é"),
                new DomainId("site-1"),
                List.of(new ClassScore(3, "cat", 0.75f), new ClassScore(0, "dog", Float.MIN_VALUE)),
                7,
                new Coordinates("images", 2, 99),
                Instant.parse("2026-01-02T03:04:05.006Z"),
                Duration.ofNanos(1_234_000));

        assertThat(json.decode(json.encode(prediction))).isEqualTo(prediction);
        assertThat(json.decode(protobuf.encode(prediction))).isEqualTo(prediction);
    }

    /** Lone surrogates are no text: the message cannot hold them. */
    private static String printable(String text) {
        String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return valid.isEmpty() ? "x" : valid;
    }
}
