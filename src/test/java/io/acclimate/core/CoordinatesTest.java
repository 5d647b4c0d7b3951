package io.acclimate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoordinatesTest {
    /** Topics may hold hyphens and digits, so the last two numbers are partition and offset whatever stands before them. */
    @Property(tries = 300)
    void whatIsWrittenIsParsedBack(
            @ForAll @AlphaChars @NumericChars @Chars({'-', '.', '_'}) @StringLength(min = 1, max = 30) String topic,
            @ForAll @IntRange(max = 999_999_999) int partition,
            @ForAll @LongRange(max = 999_999_999_999_999_999L) long offset) {
        Coordinates written = new Coordinates(topic, partition, offset);

        assertThat(Coordinates.parse(written.toString())).contains(written);
    }

    @Test
    void aTopicThatLooksLikeCoordinatesIsStillATopic() {
        assertThat(Coordinates.parse("images-3-17-0-5")).contains(new Coordinates("images-3-17", 0, 5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "images",
                "images-1",
                "images-1-",
                "images--1-2x",
                "-1-2",
                "images-1-2 ",
                "images-1--2",
                "images-9999999999-0",
                "images-0-9999999999999999999",
                "images-a-0"
            })
    void anyOtherTextIsNone(String text) {
        assertThat(Coordinates.parse(text)).isEmpty();
    }

    @Test
    void aNegativePartitionOrOffsetIsRefusedWithItsValue() {
        assertThatThrownBy(() -> new Coordinates("images", -1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1 and 0");
        assertThatThrownBy(() -> new Coordinates("images", 0, -2)).hasMessageContaining("0 and -2");
    }
}
