package io.acclimate.infer;

import io.acclimate.core.Bytes;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** A picture for the tests that has the model's size already, row by row in RGB order. */
record Picture(int height, int width, Bytes pixels) {
    static Picture read(Path file) {
        try {
            BufferedImage image = ImageIO.read(file.toFile());
            byte[] rgb = new byte[image.getHeight() * image.getWidth() * 3];
            for (int i = 0; i < rgb.length / 3; i++) {
                int pixel = image.getRGB(i % image.getWidth(), i / image.getWidth());
                rgb[3 * i] = (byte) (pixel >> 16);
                rgb[3 * i + 1] = (byte) (pixel >> 8);
                rgb[3 * i + 2] = (byte) pixel;
            }
            return new Picture(image.getHeight(), image.getWidth(), Bytes.wrap(rgb));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Picture random(int height, int width, long seed) {
        byte[] rgb = new byte[height * width * 3];
        new Random(seed).nextBytes(rgb);
        return new Picture(height, width, Bytes.wrap(rgb));
    }

    /** One row {@code [1, row…]} by the rule of {@link InputSpec}. */
    FloatTensor row(InputSpec spec) {
        byte[] rgb = pixels.array();
        int plane = height * width;
        float[] values = new float[plane * 3];
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < 3; c++) {
                float pixel = (rgb[3 * i + c] & 0xff) / 255f;
                float value = (pixel - spec.mean().get(c)) / spec.std().get(c);
                values[spec.layout() == InputSpec.Layout.NCHW ? c * plane + i : 3 * i + c] = value;
            }
        }
        return FloatTensor.wrap(spec.row().prepend(1), values);
    }
}
