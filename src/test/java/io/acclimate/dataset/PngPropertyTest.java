package io.acclimate.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Bytes;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PngPropertyTest {
    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    /** Read by our decoder and by ImageIO, so that both cannot share one mistake. */
    @Property(tries = 100)
    void anyImageReadsBackTheSame(
            @ForAll @IntRange(min = 1, max = 60) int width,
            @ForAll @IntRange(min = 1, max = 60) int height,
            @ForAll long seed)
            throws IOException {
        byte[] rgb = new byte[width * height * 3];
        new Random(seed).nextBytes(rgb);
        RgbImage image = RgbImage.wrap(width, height, rgb);

        byte[] file = Png.encode(image);

        assertThat(decoder.toPixels(new Payload(Bytes.wrap(file), Optional.empty())))
                .isEqualTo(Outcome.ok(image));
        BufferedImage other = ImageIO.read(new ByteArrayInputStream(file));
        for (int i = 0; i < width * height; i++) {
            int pixel = other.getRGB(i % width, i / width) & 0xffffff;
            assertThat(pixel)
                    .isEqualTo((rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | (rgb[3 * i + 2] & 0xff));
        }
    }
}
