package io.acclimate.dataset;

import io.acclimate.image.RgbImage;
import java.util.SplittableRandom;

/**
 * Changes of an image as cameras, weather and mounting make them, in the manner of the common corruptions of Hendrycks and
 * Dietterich (<i>Benchmarking Neural Network Robustness to Common Corruptions and Perturbations</i>, ICLR 2019), each of one
 * strength. Cost: up to a hundred operations a pixel.
 */
final class Distortions {
    private static final double NOISE_DEVIATION = 40;
    private static final int[] BLUR_KERNEL = {1, 8, 28, 56, 70, 56, 28, 8, 1};
    private static final double CONTRAST = 0.15;
    private static final double FOG = 0.6;

    private Distortions() {}

    static RgbImage invert(RgbImage image) {
        byte[] out = image.rgb().clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) ~out[i];
        }
        return RgbImage.wrap(image.width(), image.height(), out);
    }

    /** {@code |texture − x|} per channel. */
    static RgbImage blend(RgbImage image, SplittableRandom random) {
        byte[] out = Texture.draw(image.width(), image.height(), random);
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) Math.abs((out[i] & 0xff) - (image.rgb()[i] & 0xff));
        }
        return RgbImage.wrap(image.width(), image.height(), out);
    }

    static RgbImage noise(RgbImage image, SplittableRandom random) {
        byte[] out = image.rgb().clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = clipped((out[i] & 0xff) + NOISE_DEVIATION * random.nextGaussian());
        }
        return RgbImage.wrap(image.width(), image.height(), out);
    }

    /** A binomial kernel of nine pixels along rows and columns; beyond the edge the edge goes on. */
    static RgbImage blur(RgbImage image) {
        return blurredAlong(blurredAlong(image, 1, 0), 0, 1);
    }

    private static RgbImage blurredAlong(RgbImage image, int stepX, int stepY) {
        byte[] out = new byte[image.rgb().length];
        int half = BLUR_KERNEL.length / 2;
        int i = 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                for (int c = 0; c < 3; c++) {
                    int sum = 128;
                    for (int k = -half; k <= half; k++) {
                        int fromX = Math.max(0, Math.min(image.width() - 1, x + k * stepX));
                        int fromY = Math.max(0, Math.min(image.height() - 1, y + k * stepY));
                        sum += BLUR_KERNEL[k + half] * image.at(fromX, fromY, c);
                    }
                    out[i++] = (byte) (sum / 256);
                }
            }
        }
        return RgbImage.wrap(image.width(), image.height(), out);
    }

    /** All values move towards one random brightness. */
    static RgbImage contrast(RgbImage image, SplittableRandom random) {
        double level = 40 + 160 * random.nextDouble();
        byte[] out = image.rgb().clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = clipped(level + CONTRAST * ((out[i] & 0xff) - level));
        }
        return RgbImage.wrap(image.width(), image.height(), out);
    }

    /** About the middle by 25 to 50 degrees, with black beyond the edges. */
    static RgbImage rotate(RgbImage image, SplittableRandom random) {
        double angle = Math.toRadians(25 + 25 * random.nextDouble());
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        double middleX = (image.width() - 1) / 2.0;
        double middleY = (image.height() - 1) / 2.0;
        byte[] out = new byte[image.rgb().length];
        int i = 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                double fromX = middleX + cos * (x - middleX) + sin * (y - middleY);
                double fromY = middleY - sin * (x - middleX) + cos * (y - middleY);
                for (int c = 0; c < 3; c++) {
                    out[i++] = clipped(between(image, fromX, fromY, c));
                }
            }
        }
        return RgbImage.wrap(image.width(), image.height(), out);
    }

    /** Bilinear; 0 outside. */
    private static double between(RgbImage image, double x, double y, int channel) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double right = x - left;
        double bottom = y - top;
        return (1 - bottom) * ((1 - right) * at(image, left, top, channel) + right * at(image, left + 1, top, channel))
                + bottom
                        * ((1 - right) * at(image, left, top + 1, channel)
                                + right * at(image, left + 1, top + 1, channel));
    }

    private static int at(RgbImage image, int x, int y, int channel) {
        return x < 0 || y < 0 || x >= image.width() || y >= image.height() ? 0 : image.at(x, y, channel);
    }

    /** A grey square of a random brightness, half as wide as the image, somewhere in it. */
    static RgbImage occlude(RgbImage image, SplittableRandom random) {
        int width = image.width() / 2;
        int height = image.height() / 2;
        int left = random.nextInt(image.width() - width + 1);
        int top = random.nextInt(image.height() - height + 1);
        byte grey = (byte) random.nextInt(256);
        byte[] out = image.rgb().clone();
        for (int y = top; y < top + height; y++) {
            for (int i = (y * image.width() + left) * 3; i < (y * image.width() + left + width) * 3; i++) {
                out[i] = grey;
            }
        }
        return RgbImage.wrap(image.width(), image.height(), out);
    }

    /** From one random dark colour for black to one random bright colour for white. */
    static RgbImage colour(RgbImage image, SplittableRandom random) {
        double[] dark = new double[3];
        double[] bright = new double[3];
        for (int c = 0; c < 3; c++) {
            dark[c] = 100 * random.nextDouble();
            bright[c] = dark[c] + 155 * random.nextDouble();
        }
        byte[] out = image.rgb().clone();
        for (int i = 0; i < out.length; i++) {
            double share = (out[i] & 0xff) / 255.0;
            out[i] = clipped(dark[i % 3] + share * (bright[i % 3] - dark[i % 3]));
        }
        return RgbImage.wrap(image.width(), image.height(), out);
    }

    /** A bright, cloudy grey over all of it. */
    static RgbImage fog(RgbImage image, SplittableRandom random) {
        byte[] cloud = Texture.draw(image.width(), image.height(), random);
        byte[] out = image.rgb().clone();
        for (int i = 0; i < out.length; i++) {
            double grey = 150 + 0.4 * (cloud[i - i % 3] & 0xff);
            out[i] = clipped((1 - FOG) * (out[i] & 0xff) + FOG * grey);
        }
        return RgbImage.wrap(image.width(), image.height(), out);
    }

    private static byte clipped(double value) {
        return (byte) Math.max(0, Math.min(255, Math.round(value)));
    }
}
