package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JpegColourTest {
    /** Adobe's transform is -1 where the file has no segment of Adobe's. */
    @ParameterizedTest
    @CsvSource({
        "1, 000000, false, -1, GREY",
        "1, 524742, true, 2, GREY",
        "3, 010203, false, -1, YCC",
        "3, 000102, false, -1, YCC",
        "3, 012223, false, -1, YCC",
        "3, 524742, false, -1, RGB",
        "3, 726762, false, -1, YCC",
        "3, 524742, true, -1, YCC",
        "3, 010203, true, 0, YCC",
        "3, 010203, false, 0, RGB",
        "3, 524742, false, 1, YCC",
        "3, 010203, false, 2, YCC",
        "3, 010203, false, 77, YCC",
        "4, 010203, false, -1, CMYK",
        "4, 010203, true, -1, CMYK",
        "4, 010203, false, 0, CMYK",
        "4, 010203, false, 1, YCCK",
        "4, 434d59, true, 2, YCCK",
        "0, 000000, false, -1, UNKNOWN",
        "2, 010203, true, -1, UNKNOWN",
        "5, 010203, true, -1, UNKNOWN"
    })
    void theColoursAreThoseThatLibjpegSees(int components, String ids, boolean jfif, int adobe, JpegColour colour) {
        assertThat(JpegColour.of(components, Integer.parseInt(ids, 16), jfif, adobe))
                .isEqualTo(colour);
    }

    @Test
    void fourComponentsAreComplementsOfInks() {
        assertThat(rgb(JpegColour.CMYK, 255, 255, 255, 255)).containsExactly(255, 255, 255);
        assertThat(rgb(JpegColour.CMYK, 255, 0, 0, 255)).containsExactly(255, 0, 0);
        assertThat(rgb(JpegColour.CMYK, 255, 255, 255, 0)).containsExactly(0, 0, 0);
        assertThat(rgb(JpegColour.CMYK, 0, 255, 255, 255)).as("cyan").containsExactly(0, 255, 255);
    }

    @Property(tries = 300)
    void lightIsThatOfTheInkTimesThatOfBlack(
            @ForAll @IntRange(max = 255) int ink, @ForAll @IntRange(max = 255) int black) {
        assertThat((double) rgb(JpegColour.CMYK, ink, 0, 0, black)[0])
                .isCloseTo(ink * black / 255.0, org.assertj.core.api.Assertions.within(0.5));
    }

    @Test
    void everyLumaAndChromaGivesWhatLibjpegsArithmeticGives() {
        for (int luma = 0; luma < 256; luma++) {
            byte[] samples = new byte[3 << 16];
            byte[] expected = new byte[3 << 16];
            for (int i = 0; i < 1 << 16; i++) {
                int blue = i >> 8;
                int red = i & 0xff;
                samples[3 * i] = (byte) luma;
                samples[3 * i + 1] = (byte) blue;
                samples[3 * i + 2] = (byte) red;
                expected[3 * i] = rounded(luma, 91881 * (red - 128));
                expected[3 * i + 1] = rounded(luma, -22554 * (blue - 128) - 46802 * (red - 128));
                expected[3 * i + 2] = rounded(luma, 116130 * (blue - 128));
            }

            assertThat(Arrays.equals(JpegColour.YCC.toRgb(samples), expected))
                    .as("all colours of luma " + luma)
                    .isTrue();
        }
    }

    private static byte rounded(int luma, int chroma) {
        return (byte) Math.max(0, Math.min(255, luma + ((chroma + (1 << 15)) >> 16)));
    }

    @Test
    void lumaAndChromaGiveTheColours() {
        assertThat(rgb(JpegColour.YCC, 200, 128, 128)).as("grey").containsExactly(200, 200, 200);
        assertThat(rgb(JpegColour.YCC, 76, 85, 255)).as("red of JFIF").containsExactly(254, 0, 0);
        assertThat(rgb(JpegColour.YCCK, 76, 85, 255, 255))
                .as("the complement of red")
                .containsExactly(1, 255, 255);
        assertThat(rgb(JpegColour.YCCK, 76, 85, 255, 0)).containsExactly(0, 0, 0);
    }

    @Test
    void chromaBeyondWhatABytesHoldsIsCutOff() {
        assertThat(rgb(JpegColour.YCC, 255, 255, 255)).containsExactly(255, 121, 255);
        assertThat(rgb(JpegColour.YCC, 0, 0, 0)).containsExactly(0, 135, 0);
    }

    @Property(tries = 500)
    void lumaAndChromaAreConvertedByTheFormulaOfJfif(
            @ForAll @IntRange(max = 255) int luma,
            @ForAll @IntRange(max = 255) int blue,
            @ForAll @IntRange(max = 255) int red) {
        int[] rgb = rgb(JpegColour.YCC, luma, blue, red);

        assertThat(rgb[0])
                .isBetween(formula(luma + 1.402 * (red - 128) - 0.51), formula(luma + 1.402 * (red - 128) + 0.51));
        double green = luma - 0.344136 * (blue - 128) - 0.714136 * (red - 128);
        assertThat(rgb[1]).isBetween(formula(green - 0.52), formula(green + 0.52));
    }

    private static int formula(double value) {
        return (int) Math.max(0, Math.min(255, Math.round(value)));
    }

    private static int[] rgb(JpegColour colour, int... samples) {
        byte[] stored = new byte[samples.length];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = (byte) samples[i];
        }
        byte[] rgb = colour.toRgb(stored);
        return new int[] {rgb[0] & 0xff, rgb[1] & 0xff, rgb[2] & 0xff};
    }
}
