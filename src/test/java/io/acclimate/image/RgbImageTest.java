package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RgbImageTest {
    /**
     * EXIF says at which corner of the upright image the stored first row and column lie. The stored image is A B / C D / E F; each
     * line is the upright image, row by row.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 2, ABCDEF",
        "2, 2, BADCFE",
        "3, 2, FEDCBA",
        "4, 2, EFCDAB",
        "5, 3, ACEBDF",
        "6, 3, ECAFDB",
        "7, 3, FDBECA",
        "8, 3, BDFACE",
        "0, 2, ABCDEF",
        "9, 2, ABCDEF"
    })
    void eachOrientationPutsThePixelsWhereExifSays(int orientation, int width, String upright) {
        RgbImage turned = letters().upright(orientation);

        StringBuilder text = new StringBuilder();
        for (int y = 0; y < turned.height(); y++) {
            for (int x = 0; x < turned.width(); x++) {
                text.append((char) turned.at(x, y, 2));
            }
        }
        assertThat(turned.width()).isEqualTo(width);
        assertThat(text).hasToString(upright);
    }

    @Property(tries = 60)
    void mirroringOrTurningBackGivesTheStoredImage(
            @ForAll @IntRange(min = 1, max = 9) int width,
            @ForAll @IntRange(min = 1, max = 9) int height,
            @ForAll @IntRange(min = 1, max = 8) int orientation) {
        RgbImage image = Pictures.random(width, height, orientation);
        int back = orientation == 6 ? 8 : orientation == 8 ? 6 : orientation;

        assertThat(image.upright(orientation).upright(back)).isEqualTo(image);
    }

    @ParameterizedTest
    @CsvSource({"0, 2, 0", "2, 0, 0", "2, 2, 11", "2, 2, 13", "-1, -1, 3"})
    void bytesThatDoNotFillThePixelsAreRefused(int width, int height, int bytes) {
        assertThatThrownBy(() -> RgbImage.wrap(width, height, new byte[bytes]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(width + "x" + height + " pixels do not fit " + bytes + " bytes");
    }

    @ParameterizedTest
    @CsvSource({"2, 3, true", "3, 2, false"})
    void imagesAreEqualWhenSizeAndPixelsAre(int width, int height, boolean equal) {
        assertThat(RgbImage.wrap(width, height, letters().rgb()).equals(letters()))
                .isEqualTo(equal);
    }

    private static RgbImage letters() {
        byte[] rgb = new byte[18];
        for (int i = 0; i < 6; i++) {
            rgb[3 * i + 2] = (byte) ('A' + i);
        }
        return RgbImage.wrap(2, 3, rgb);
    }
}
