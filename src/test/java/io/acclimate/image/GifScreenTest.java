package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Bytes;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;

class GifScreenTest {
    private static final int RED = 0xff0000;
    private static final int BLUE = 0x0000ff;

    /** A frame of 3 x 2 blue pixels whose palette begins with red. */
    private static byte[] gif(int screenWidth, int screenHeight, int left, int top) {
        byte[] one = {(byte) 0xff, 0};
        byte[] zero = {0, 0};
        byte[] blue = {0, (byte) 0xff};
        var palette = new java.awt.image.IndexColorModel(1, 2, one, zero, blue);
        BufferedImage frame = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_BINARY, palette);
        for (int i = 0; i < 6; i++) {
            frame.setRGB(i % 3, i / 3, 0xff000000 | BLUE);
        }
        byte[] file = Pictures.write(frame, "gif", ImageWriteParam.MODE_DISABLED);
        byte[] bare = without(file);
        put(bare, 6, screenWidth);
        put(bare, 8, screenHeight);
        int at = 13 + GifFrame.paletteBytes(bare[10]);
        put(bare, at + 1, left);
        put(bare, at + 3, top);
        return bare;
    }

    /** The file without its graphic control. */
    private static byte[] without(byte[] file) {
        int at = 13 + GifFrame.paletteBytes(file[10]);
        if (file[at] != 0x21) {
            return file;
        }
        byte[] bare = Arrays.copyOf(file, file.length - 8);
        System.arraycopy(file, at + 8, bare, at, bare.length - at);
        return bare;
    }

    private static void put(byte[] file, int at, int value) {
        file[at] = (byte) value;
        file[at + 1] = (byte) (value >> 8);
    }

    private static Outcome<RgbImage> read(byte[] file) {
        return new ImageDecoder(ImageLimits.defaults()).toPixels(new Payload(Bytes.wrap(file), Optional.empty()));
    }

    private static int colour(RgbImage image, int x, int y) {
        return image.at(x, y, 0) << 16 | image.at(x, y, 1) << 8 | image.at(x, y, 2);
    }

    @Test
    void aFrameStandsWhereItsScreenHasItAndTheFirstColourIsAroundIt() {
        RgbImage image = ((Outcome.Ok<RgbImage>) read(gif(6, 5, 2, 1))).value();

        assertThat(image.width()).isEqualTo(6);
        assertThat(image.height()).isEqualTo(5);
        for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 6; x++) {
                boolean inside = x >= 2 && x < 5 && y >= 1 && y < 3;
                assertThat(colour(image, x, y)).isEqualTo(inside ? BLUE : RED);
            }
        }
    }

    @Test
    void aScreenThatIsTooSmallGrowsWithItsFrame() {
        RgbImage image = ((Outcome.Ok<RgbImage>) read(gif(0, 0, 0, 0))).value();

        assertThat(image.width()).isEqualTo(3);
        assertThat(image.height()).isEqualTo(2);
    }

    @Test
    void aScreenBeyondTheLimitIsRefusedHoweverSmallItsFrameIs() {
        Outcome<RgbImage> refused = read(gif(65_535, 65_535, 0, 0));

        assertThat(((Outcome.Refused<RgbImage>) refused).refusal().message()).contains("claims 65535x65535 pixels");
    }
}
