package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.acclimate.wire.v1.Coordinates;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** What {@link JsonText} writes, read back by two libraries that were not written for it. */
class JsonTextPropertyTest {
    private static final ObjectMapper JACKSON = new ObjectMapper();
    private static final long FIRST_SECOND =
            Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
    private static final long LAST_SECOND =
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private static JsonText text() {
        return new JsonText(16);
    }

    private static String json(JsonText text) {
        return new String(text.utf8(), StandardCharsets.UTF_8);
    }

    private static JsonNode read(JsonText text) {
        try {
            return JACKSON.readTree(text.utf8());
        } catch (java.io.IOException e) {
            throw new AssertionError(json(text), e);
        }
    }

    /** Half a surrogate pair has no UTF-8. */
    @Provide
    Arbitrary<String> strings() {
        Arbitrary<String> any = Arbitraries.strings()
                .all()
                .filter(each -> StandardCharsets.UTF_8.newEncoder().canEncode(each));
        Arbitrary<String> awkward = Arbitraries.strings()
                .withChars("\"\\/<>&='\b\f\n\r\t\u0000\u001f\u007f\u0080\u2028\u2029\ufffd\u00e9")
                .ofMaxLength(20);
        return Arbitraries.oneOf(any, awkward);
    }

    @Property
    void jacksonReadsTheSameText(@ForAll("strings") String value) {
        assertThat(read(text().string(value)).textValue()).isEqualTo(value);
    }

    @Property
    void protobufWritesTheSameText(@ForAll("strings") String value) throws InvalidProtocolBufferException {
        String printed = new String(
                JsonOrProto.json(Coordinates.newBuilder().setTopic(value).build()), StandardCharsets.UTF_8);

        assertThat(printed).startsWith("{\"topic\":" + json(text().string(value)) + ",");
    }

    @Property
    void jacksonReadsTheSameWholeNumber(@ForAll long value) {
        assertThat(read(text().number(value)).longValue()).isEqualTo(value);
    }

    @Property
    void jacksonReadsTheSameBitsOfAFiniteFloat(@ForAll float value) {
        assertThat(Float.floatToIntBits(read(text().number(value)).floatValue()))
                .isEqualTo(Float.floatToIntBits(value));
    }

    @Property
    void jacksonReadsTheSameBitsOfAFiniteDouble(@ForAll double value) {
        assertThat(Double.doubleToLongBits(read(text().number(value)).doubleValue()))
                .isEqualTo(Double.doubleToLongBits(value));
    }

    @Example
    void whatIsNotFiniteIsAString() {
        assertThat(json(text().number(Float.NaN))).isEqualTo("\"NaN\"");
        assertThat(json(text().number(Double.POSITIVE_INFINITY))).isEqualTo("\"Infinity\"");
        assertThat(json(text().number(Float.NEGATIVE_INFINITY))).isEqualTo("\"-Infinity\"");
    }

    @Property
    void protobufWritesTheSameTime(
            @ForAll("seconds") long seconds, @ForAll @LongRange(min = 0, max = 999_999_999) long nanos) {
        Timestamp timestamp =
                Timestamp.newBuilder().setSeconds(seconds).setNanos((int) nanos).build();

        assertThat(json(text().instant(Instant.ofEpochSecond(seconds, nanos))))
                .isEqualTo("\"" + Timestamps.toString(timestamp) + "\"");
    }

    @Provide
    Arbitrary<Long> seconds() {
        return Arbitraries.longs().between(FIRST_SECOND, LAST_SECOND);
    }

    @Example
    void fractionsHaveZeroThreeSixOrNineDigits() {
        assertThat(json(text().instant(Instant.parse("2026-01-01T00:00:00Z")))).isEqualTo("\"2026-01-01T00:00:00Z\"");
        assertThat(json(text().instant(Instant.parse("2026-01-01T00:00:00.100Z"))))
                .isEqualTo("\"2026-01-01T00:00:00.100Z\"");
        assertThat(json(text().instant(Instant.parse("2026-01-01T00:00:00.000100Z"))))
                .isEqualTo("\"2026-01-01T00:00:00.000100Z\"");
        assertThat(json(text().instant(Instant.parse("2026-01-01T00:00:00.000000100Z"))))
                .isEqualTo("\"2026-01-01T00:00:00.000000100Z\"");
    }

    @Example
    void partsStandOneAfterAnother() throws JsonProcessingException {
        JsonText text =
                text().raw("{\"a\":").number(1).raw(",\"b\":").string("x").raw("}");

        assertThat(JACKSON.readTree(json(text)).get("b").textValue()).isEqualTo("x");
    }
}
