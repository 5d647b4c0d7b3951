package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CmykTest {
    private static final int ADOBE_CMYK = 0;
    private static final int ADOBE_YCCK = 2;

    @Test
    void plainCmykIsInkSoThatNoInkIsWhite() throws UnreadableImageException {
        assertThat(rgb(Jpeg.NO_ADOBE, 0, 0, 0, 0)).containsExactly(255, 255, 255);
        assertThat(rgb(Jpeg.NO_ADOBE, 0, 0, 0, 255)).containsExactly(0, 0, 0);
        assertThat(rgb(Jpeg.NO_ADOBE, 0, 255, 255, 0)).as("magenta and yellow").containsExactly(255, 0, 0);
        assertThat(rgb(Jpeg.NO_ADOBE, 255, 0, 0, 0)).as("cyan").containsExactly(0, 255, 255);
    }

    @Test
    void adobeStoresComplements() throws UnreadableImageException {
        assertThat(rgb(ADOBE_CMYK, 255, 255, 255, 255)).containsExactly(255, 255, 255);
        assertThat(rgb(ADOBE_CMYK, 255, 0, 0, 255)).containsExactly(255, 0, 0);
        assertThat(rgb(ADOBE_CMYK, 255, 255, 255, 0)).containsExactly(0, 0, 0);
    }

    @Test
    void ycckIsLumaAndChromaOfTheComplements() throws UnreadableImageException {
        assertThat(rgb(ADOBE_YCCK, 200, 128, 128, 255)).as("grey").containsExactly(200, 200, 200);
        // Red in the colour space of JFIF: Y = 76, Cb = 85, Cr = 255.
        int[] red = rgb(ADOBE_YCCK, 76, 85, 255, 255);
        assertThat(red[0]).isBetween(252, 255);
        assertThat(red[1]).isBetween(0, 2);
        assertThat(red[2]).isBetween(0, 2);
    }

    @Test
    void chromaBeyondWhatABytesHoldsIsCutOff() throws UnreadableImageException {
        assertThat(rgb(ADOBE_YCCK, 255, 255, 255, 255)).containsExactly(255, 121, 255);
        assertThat(rgb(ADOBE_YCCK, 0, 0, 0, 255)).containsExactly(0, 135, 0);
    }

    @Property(tries = 300)
    void adobesComplementsAreThePlainInksTurnedRound(
            @ForAll @IntRange(max = 255) int cyan,
            @ForAll @IntRange(max = 255) int magenta,
            @ForAll @IntRange(max = 255) int yellow,
            @ForAll @IntRange(max = 255) int black)
            throws UnreadableImageException {
        int[] plain = rgb(Jpeg.NO_ADOBE, cyan, magenta, yellow, black);

        assertThat(rgb(ADOBE_CMYK, 255 - cyan, 255 - magenta, 255 - yellow, 255 - black))
                .isEqualTo(plain);
        assertThat(plain[0]).isEqualTo((int) Math.round((255 - cyan) * (255 - black) / 255.0));
    }

    @Test
    void pixelsKeepTheirPlaces() throws UnreadableImageException {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 3, 2, 4, null);
        raster.setPixel(2, 1, new int[] {255, 255, 255, 255});

        RgbImage image = Cmyk.toRgb(raster, ADOBE_CMYK);

        assertThat(image.at(2, 1, 0)).isEqualTo(255);
        assertThat(image.at(1, 1, 0)).isZero();
        assertThat(image.at(2, 0, 0)).isZero();
    }

    @Test
    void anotherNumberOfBandsIsRefused() {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 1, 1, 3, null);

        assertThatThrownBy(() -> Cmyk.toRgb(raster, ADOBE_CMYK))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessage("JPEG has 3 components");
    }

    private static int[] rgb(int transform, int... samples) throws UnreadableImageException {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 1, 1, 4, null);
        raster.setPixel(0, 0, samples);
        RgbImage image = Cmyk.toRgb(raster, transform);
        return new int[] {image.at(0, 0, 0), image.at(0, 0, 1), image.at(0, 0, 2)};
    }
}
