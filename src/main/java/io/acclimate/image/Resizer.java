package io.acclimate.image;

import io.acclimate.core.InputSpec;

/**
 * Resamples bilinearly with a triangle filter that widens with the scale, so that shrinking averages pixels instead of skipping
 * them. Pillow and torchvision call this bilinear with antialiasing; OpenCV's bilinear does not average. Each axis is resampled on
 * its own, first the one that leaves fewer pixels.
 */
final class Resizer {
    private Resizer() {}

    static RgbImage fit(RgbImage image, int width, int height, InputSpec.Resize resize) {
        if (image.width() == width && image.height() == height) {
            return image;
        }
        double scaleX = (double) width / image.width();
        double scaleY = (double) height / image.height();
        return switch (resize) {
            case STRETCH -> scale(image, width, height, image.width(), image.height());
            case CROP -> {
                double scale = Math.max(scaleX, scaleY);
                yield scale(image, width, height, width / scale, height / scale);
            }
            case PAD -> {
                double scale = Math.min(1, Math.min(scaleX, scaleY));
                int innerWidth = Math.max(1, (int) Math.round(image.width() * scale));
                int innerHeight = Math.max(1, (int) Math.round(image.height() * scale));
                yield centre(scale(image, innerWidth, innerHeight, image.width(), image.height()), width, height);
            }
        };
    }

    /** Scales the middle {@code boxWidth × boxHeight} pixels of the image to {@code width × height}. */
    private static RgbImage scale(RgbImage image, int width, int height, double boxWidth, double boxHeight) {
        if ((long) image.height() * width <= (long) image.width() * height) {
            return vertical(horizontal(image, width, boxWidth), height, boxHeight);
        }
        return horizontal(vertical(image, height, boxHeight), width, boxWidth);
    }

    private static RgbImage horizontal(RgbImage image, int width, double box) {
        if (image.width() == width && box == width) {
            return image;
        }
        byte[] out = new byte[Math.multiplyExact(width * 3, image.height())];
        for (int x = 0; x < width; x++) {
            Taps taps = Taps.at(x, width, image.width(), box);
            for (int y = 0; y < image.height(); y++) {
                taps.apply(image.rgb(), y * image.width() * 3, 3, out, (y * width + x) * 3);
            }
        }
        return RgbImage.wrap(width, image.height(), out);
    }

    private static RgbImage vertical(RgbImage image, int height, double box) {
        if (image.height() == height && box == height) {
            return image;
        }
        int stride = image.width() * 3;
        byte[] out = new byte[Math.multiplyExact(stride, height)];
        for (int y = 0; y < height; y++) {
            Taps taps = Taps.at(y, height, image.height(), box);
            for (int x = 0; x < image.width(); x++) {
                taps.apply(image.rgb(), x * 3, stride, out, y * stride + x * 3);
            }
        }
        return RgbImage.wrap(image.width(), height, out);
    }

    private static RgbImage centre(RgbImage image, int width, int height) {
        byte[] out = new byte[width * height * 3];
        int left = (width - image.width()) / 2;
        int top = (height - image.height()) / 2;
        for (int y = 0; y < image.height(); y++) {
            int to = ((y + top) * width + left) * 3;
            System.arraycopy(image.rgb(), y * image.width() * 3, out, to, image.width() * 3);
        }
        return RgbImage.wrap(width, height, out);
    }

    /** The source pixels of one output pixel along an axis, with weights whose sum is 1. */
    private static final class Taps {
        private final int first;
        private final float[] weights;

        private Taps(int first, float[] weights) {
            this.first = first;
            this.weights = weights;
        }

        static Taps at(int out, int outSize, int size, double box) {
            double scale = box / outSize;
            double support = Math.max(1, scale);
            double middle = (size - box) / 2 + (out + 0.5) * scale;
            int first = Math.max(0, Math.min(size - 1, (int) Math.floor(middle - support + 0.5)));
            int end = Math.max(first + 1, Math.min(size, (int) Math.floor(middle + support + 0.5)));
            float[] weights = new float[end - first];
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                double weight = Math.max(0, 1 - Math.abs((first + i + 0.5 - middle) / support));
                weights[i] = (float) weight;
                sum += weight;
            }
            for (int i = 0; i < weights.length; i++) {
                weights[i] = sum > 0 ? (float) (weights[i] / sum) : 1f / weights.length;
            }
            return new Taps(first, weights);
        }

        void apply(byte[] in, int base, int step, byte[] out, int to) {
            float red = 0.5f;
            float green = 0.5f;
            float blue = 0.5f;
            int at = base + first * step;
            for (float weight : weights) {
                red += weight * (in[at] & 0xff);
                green += weight * (in[at + 1] & 0xff);
                blue += weight * (in[at + 2] & 0xff);
                at += step;
            }
            out[to] = (byte) Math.min(255, (int) red);
            out[to + 1] = (byte) Math.min(255, (int) green);
            out[to + 2] = (byte) Math.min(255, (int) blue);
        }
    }
}
