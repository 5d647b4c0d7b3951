package io.acclimate.image;

import static io.acclimate.image.Pictures.payload;
import static io.acclimate.image.Pictures.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The right values are those of Pillow 9.4 and 12.3 with libjpeg-turbo, on a Java runtime with either library. */
class HalvedRowsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 130, 140, 132",
        "5, 1, 115, 105, 114",
        "5, 2, 91, 85, 89",
        "20, 9, 206, 210, 239",
        "20, 10, 202, 179, 195",
        "23, 17, 113, 102, 134",
        "23, 18, 155, 129, 158"
    })
    void aPictureOfHalvedChromaRowsHasPillowsPixelsOnAnyRuntime(int x, int y, int red, int green, int blue)
            throws IOException {
        RgbImage image = value(new ImageDecoder(ImageLimits.defaults())
                .toPixels(payload(ImageDecoderTest.resource("cases/half_rows.jpg"))));

        assertThat(new int[] {image.at(x, y, 0), image.at(x, y, 1), image.at(x, y, 2)})
                .containsExactly(red, green, blue);
    }

    @Test
    void rowsThatAreRepeatedBecomeThoseThatLibjpegTurboInterpolates() {
        int[] repeated = {186, 186, 172, 172, 155, 155, 142, 142, 132, 132, 119, 119, 101, 101, 87, 87};
        int[] right = {186, 183, 175, 168, 159, 152, 145, 140, 134, 129, 122, 115, 105, 98, 90, 87};
        byte[] samples = new byte[3 * repeated.length];
        for (int y = 0; y < repeated.length; y++) {
            samples[3 * y + 1] = (byte) repeated[y];
        }

        HalvedRows.interpolate(samples, 3, 3, 1);

        for (int y = 0; y < right.length; y++) {
            assertThat(Byte.toUnsignedInt(samples[3 * y + 1])).as("row %d", y).isEqualTo(right[y]);
            assertThat(samples[3 * y]).as("another component").isZero();
        }
    }

    @Test
    void theLastOfAnOddNumberOfRowsHasNoNeighbourBelow() {
        byte[] samples = {100, 100, 20, 20, 60};

        HalvedRows.interpolate(samples, 1, 1, 0);

        assertThat(samples).containsExactly(100, 80, 40, 30, 50);
    }

    @Test
    void aComponentIsHalvedByItsFactorsBesideThoseOfTheOthers() {
        assertThat(halved(0x12, 0x11, 0x11)).as("4:4:0").isEqualTo(0b110);
        assertThat(halved(0x22, 0x21, 0x12)).as("each in its own way").isEqualTo(0b010);
        assertThat(halved(0x22, 0x11, 0x11)).as("4:2:0").isZero();
        assertThat(halved(0x11, 0x11, 0x11)).as("4:4:4").isZero();
        assertThat(halved(0x14, 0x11, 0x12)).as("a quarter and a half").isEqualTo(0b100);
    }

    private static int halved(int... factors) {
        byte[] frame = new byte[2 + 2 + 2 + 6 + 3 * factors.length];
        System.arraycopy(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xc0}, 0, frame, 0, 4);
        frame[5] = (byte) (frame.length - 4);
        frame[6 + 5] = (byte) factors.length;
        for (int i = 0; i < factors.length; i++) {
            frame[6 + 6 + 3 * i] = (byte) (i + 1);
            frame[6 + 7 + 3 * i] = (byte) factors[i];
        }
        return Jpeg.parse(Arrays.copyOf(frame, frame.length + 2)).halved();
    }
}
