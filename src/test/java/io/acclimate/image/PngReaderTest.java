package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.InputSpec;
import java.awt.image.BufferedImage;
import java.lang.management.ManagementFactory;
import java.util.List;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;

class PngReaderTest {
    private static final int ROUNDS = 20_000;

    /** The reason for a reader of our own; if ImageIO ever gets this fast, the reader should go. */
    @Test
    void costsLessThanHalfOfImageIoForSmallImages() throws UnreadableImageException {
        byte[] file = Pictures.write(
                Pictures.buffered(smooth(), BufferedImage.TYPE_INT_RGB), "png", ImageWriteParam.MODE_DISABLED);
        PngReader own = new PngReader();
        ImageIoReader imageIo = new ImageIoReader();
        ImageLimits limits = ImageLimits.defaults();
        assertThat(own.read(file, limits)).isEqualTo(imageIo.read(ImageFormat.PNG, file, limits));
        double ownMicros = 0;
        double imageIoMicros = 0;
        double wholeMicros = 0;
        ImageDecoder decoder = new ImageDecoder(limits);
        InputSpec spec = new InputSpec(
                3,
                32,
                32,
                InputSpec.Layout.NCHW,
                InputSpec.Colour.RGB,
                InputSpec.Resize.STRETCH,
                List.of(0.5f, 0.5f, 0.5f),
                List.of(0.5f, 0.5f, 0.5f));
        for (int warm = 0; warm < 2; warm++) {
            ownMicros = micros(() -> own.read(file, limits));
            imageIoMicros = micros(() -> imageIo.read(ImageFormat.PNG, file, limits));
            wholeMicros = micros(() -> decoder.toTensor(Pictures.payload(file), spec));
        }
        System.out.printf(
                "CPU per 32x32 PNG: own %.1f us, ImageIO %.1f us, to tensor %.1f us%n",
                ownMicros, imageIoMicros, wholeMicros);
        assertThat(ownMicros).isLessThan(imageIoMicros / 2);
    }

    private static RgbImage smooth() {
        byte[] rgb = new byte[32 * 32 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * 7 / 5 + (i % 96) * (i % 11));
        }
        return RgbImage.wrap(32, 32, rgb);
    }

    private interface Work {
        Object run() throws UnreadableImageException;
    }

    private static double micros(Work work) throws UnreadableImageException {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < ROUNDS; i++) {
            work.run();
        }
        return (threads.getCurrentThreadCpuTime() - start) / 1e3 / ROUNDS;
    }
}
