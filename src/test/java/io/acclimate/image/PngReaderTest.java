package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;

class PngReaderTest {
    /** How much less it costs is what {@code bench serve} shows. */
    @Test
    void readsWhatImageIoReads() throws UnreadableImageException {
        byte[] file = Pictures.write(
                Pictures.buffered(smooth(), BufferedImage.TYPE_INT_RGB), "png", ImageWriteParam.MODE_DISABLED);
        ImageLimits limits = ImageLimits.defaults();

        assertThat(new PngReader().read(file, limits))
                .isEqualTo(new ImageIoReader().read(ImageFormat.PNG, file, limits));
    }

    private static RgbImage smooth() {
        byte[] rgb = new byte[32 * 32 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * 7 / 5 + (i % 96) * (i % 11));
        }
        return RgbImage.wrap(32, 32, rgb);
    }
}
