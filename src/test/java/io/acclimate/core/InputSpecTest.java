package io.acclimate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.InputSpec.Colour;
import io.acclimate.core.InputSpec.Layout;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputSpecTest {
    @Test
    void theRowsShapeFollowsTheLayout() {
        assertThat(spec(3, 8, 9, Layout.NCHW, Colour.RGB).row()).isEqualTo(Shape.of(3, 8, 9));
        assertThat(spec(3, 8, 9, Layout.NHWC, Colour.RGB).row()).isEqualTo(Shape.of(8, 9, 3));
    }

    @ParameterizedTest
    @CsvSource({"1, GREY", "3, RGB", "3, BGR"})
    void coloursFitTheirChannels(int channels, Colour colour) {
        assertThat(spec(channels, 2, 2, Layout.NCHW, colour).channels()).isEqualTo(channels);
    }

    @ParameterizedTest
    @CsvSource({"3, GREY", "1, RGB", "1, BGR", "4, RGB"})
    void coloursThatDoNotFitTheirChannelsAreRefused(int channels, Colour colour) {
        assertThatThrownBy(() -> spec(channels, 2, 2, Layout.NCHW, colour))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("colour " + colour + " does not fit " + channels + " channels");
    }

    @ParameterizedTest
    @CsvSource({"0, 8, 8", "3, 0, 8", "3, 8, -1"})
    void extentsArePositive(int channels, int height, int width) {
        assertThatThrownBy(() -> spec(channels, height, width, Layout.NCHW, Colour.RGB))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("extents must be positive")
                .hasMessageContaining(channels + "x" + height + "x" + width);
    }

    /** Products that overflow an int are among them: a damaged file may name any extent. */
    @ParameterizedTest
    @CsvSource({"2365, 2365", "65536, 65536", "2147483647, 2147483647", "1, 5592406"})
    void aRowOfMoreThan64MebibytesIsRefused(int height, int width) {
        assertThatThrownBy(() -> spec(3, height, width, Layout.NCHW, Colour.RGB))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 16777216 values");
    }

    @Test
    void theLargestSquareInColourIsTaken() {
        assertThat(spec(3, 2_364, 2_364, Layout.NCHW, Colour.RGB).row().elements())
                .isEqualTo(3L * 2_364 * 2_364);
    }

    @Test
    void meanAndDeviationHaveAValueForEachChannel() {
        assertThatThrownBy(() -> new InputSpec(
                        3, 2, 2, Layout.NCHW, Colour.RGB, InputSpec.Resize.PAD, List.of(0f), List.of(1f, 1f, 1f)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mean and std need 3 values, got [0.0] and [1.0, 1.0, 1.0]");
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "NaN", "-0.0", "Infinity"})
    void aDeviationThatNothingCanBeDividedByIsRefused(float std) {
        assertThatThrownBy(() -> new InputSpec(
                        1, 2, 2, Layout.NCHW, Colour.GREY, InputSpec.Resize.CROP, List.of(0f), List.of(std)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("std must be positive");
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-Infinity"})
    void aMeanThatMakesEveryValueUselessIsRefused(float mean) {
        assertThatThrownBy(() -> new InputSpec(
                        1, 2, 2, Layout.NCHW, Colour.GREY, InputSpec.Resize.CROP, List.of(mean), List.of(1f)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mean must be finite, got [" + mean + "]");
    }

    private static InputSpec spec(int channels, int height, int width, Layout layout, Colour colour) {
        return new InputSpec(
                channels,
                height,
                width,
                layout,
                colour,
                InputSpec.Resize.STRETCH,
                Collections.nCopies(Math.max(0, channels), 0f),
                Collections.nCopies(Math.max(0, channels), 1f));
    }
}
