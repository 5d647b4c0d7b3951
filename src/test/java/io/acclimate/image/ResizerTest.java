package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.core.InputSpec.Resize;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResizerTest {
    /** Each axis rounds to whole values once, so two axes may differ from the exact sum by one, and by one more in a tie. */
    private static final double ROUNDING = 1.01;

    @Property(tries = 150)
    void stretchingIsTheTriangleFilterOfBothAxes(
            @ForAll @IntRange(min = 1, max = 20) int width,
            @ForAll @IntRange(min = 1, max = 20) int height,
            @ForAll @IntRange(min = 1, max = 20) int toWidth,
            @ForAll @IntRange(min = 1, max = 20) int toHeight,
            @ForAll long seed) {
        RgbImage image = Pictures.random(width, height, seed);

        RgbImage scaled = Resizer.fit(image, toWidth, toHeight, Resize.STRETCH);

        assertThat(scaled.width()).isEqualTo(toWidth);
        assertThat(scaled.height()).isEqualTo(toHeight);
        for (int y = 0; y < toHeight; y++) {
            for (int x = 0; x < toWidth; x++) {
                for (int c = 0; c < 3; c++) {
                    assertThat((double) scaled.at(x, y, c))
                            .isCloseTo(reference(image, x, y, c, toWidth, toHeight), within(ROUNDING));
                }
            }
        }
    }

    /** The formula as text books have it: a sum over all source pixels, with weights that fall to 0 at the filter's support. */
    private static double reference(RgbImage image, int x, int y, int channel, int toWidth, int toHeight) {
        double sum = 0;
        double weights = 0;
        for (int sourceY = 0; sourceY < image.height(); sourceY++) {
            for (int sourceX = 0; sourceX < image.width(); sourceX++) {
                double weight =
                        triangle(sourceX, x, image.width(), toWidth) * triangle(sourceY, y, image.height(), toHeight);
                weights += weight;
                sum += weight * image.at(sourceX, sourceY, channel);
            }
        }
        return sum / weights;
    }

    private static double triangle(int source, int target, int sourceSize, int targetSize) {
        double scale = (double) sourceSize / targetSize;
        double middle = (target + 0.5) * scale;
        return Math.max(0, 1 - Math.abs(source + 0.5 - middle) / Math.max(1, scale));
    }

    @ParameterizedTest
    @EnumSource(Resize.class)
    void anImageOfTheModelsSizeIsNotTouched(Resize resize) {
        RgbImage image = Pictures.random(9, 7, 1);

        assertThat(Resizer.fit(image, 9, 7, resize)).isSameAs(image);
    }

    @Property(tries = 150)
    void anImageOfOneColourKeepsItInEveryMode(
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 1, max = 40) int height,
            @ForAll @IntRange(max = 255) int value,
            @ForAll Resize resize) {
        byte[] rgb = new byte[width * height * 3];
        Arrays.fill(rgb, (byte) value);

        RgbImage scaled = Resizer.fit(RgbImage.wrap(width, height, rgb), 8, 8, resize);

        for (byte out : scaled.rgb()) {
            if (resize == Resize.PAD) {
                assertThat(out & 0xff).isIn(0, value);
            } else {
                assertThat(out & 0xff).isEqualTo(value);
            }
        }
    }

    @Test
    void croppingTakesTheMiddleOfTheLongerSide() {
        // Columns of value 0, 10, 20, ..., 110: the middle four of twelve are 40 to 70.
        RgbImage wide = columns(12, 4);

        RgbImage cropped = Resizer.fit(wide, 4, 4, Resize.CROP);

        for (int x = 0; x < 4; x++) {
            assertThat(cropped.at(x, 2, 1)).isEqualTo(40 + 10 * x);
        }
    }

    @Test
    void paddingKeepsTheRatioAndFillsUpWithBlack() {
        RgbImage wide = columns(8, 4);

        RgbImage padded = Resizer.fit(wide, 4, 4, Resize.PAD);

        for (int x = 0; x < 4; x++) {
            assertThat(padded.at(x, 0, 0)).as("above").isZero();
            assertThat(padded.at(x, 3, 0)).as("below").isZero();
            assertThat(padded.at(x, 1, 0)).isEqualTo(padded.at(x, 2, 0)).isBetween(20 * x, 20 * x + 10);
        }
    }

    @Test
    void paddingNeverEnlarges() {
        RgbImage small = Pictures.random(2, 2, 3);

        RgbImage padded = Resizer.fit(small, 6, 6, Resize.PAD);

        assertThat(padded.at(2, 2, 0)).isEqualTo(small.at(0, 0, 0));
        assertThat(padded.at(3, 3, 2)).isEqualTo(small.at(1, 1, 2));
        assertThat(padded.at(1, 2, 0)).isZero();
        assertThat(padded.at(4, 3, 0)).isZero();
    }

    @Test
    void aLineBecomesAPixelAtLeast() {
        assertThat(Resizer.fit(columns(100, 1), 10, 10, Resize.PAD).rgb()).hasSize(300);
    }

    private static RgbImage columns(int width, int height) {
        byte[] rgb = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++) {
            Arrays.fill(rgb, 3 * i, 3 * i + 3, (byte) (10 * (i % width)));
        }
        return RgbImage.wrap(width, height, rgb);
    }
}
