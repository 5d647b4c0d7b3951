package io.acclimate.image;

import io.acclimate.core.InputSpec;

/**
 * Resamples bilinearly with a triangle filter that widens with the scale, so that shrinking averages pixels instead of skipping
 * them. Pillow and torchvision call this bilinear with antialiasing; OpenCV's bilinear does not average.
 *
 * <p>The values are Pillow's: rows first, then columns, with whole values between the two, and weights in fixed point of 22 bits.
 * Where rows first would need a picture of more than {@link #MOST_BETWEEN} pixels in between, the order is turned round if that
 * needs fewer; values then differ by 1 at most.
 */
final class Resizer {
    private static final int BITS = 22;
    /** A strip of 1 x 16,000,000 pixels would become 224 times as large if its rows were widened first. */
    private static final long MOST_BETWEEN = 16_000_000;

    private Resizer() {}

    static RgbImage fit(RgbImage image, int width, int height, InputSpec.Resize resize) {
        if (image.width() == width && image.height() == height) {
            return image;
        }
        return switch (resize) {
            case STRETCH -> scale(image, Axis.whole(image.width(), width), Axis.whole(image.height(), height));
            case CROP -> cover(image, width, height);
            case PAD -> {
                double scale = Math.min(1, Math.min((double) width / image.width(), (double) height / image.height()));
                int innerWidth = Math.max(1, (int) Math.round(image.width() * scale));
                int innerHeight = Math.max(1, (int) Math.round(image.height() * scale));
                RgbImage inner =
                        scale(image, Axis.whole(image.width(), innerWidth), Axis.whole(image.height(), innerHeight));
                yield centre(inner, width, height);
            }
        };
    }

    /** What torchvision's Resize of the shorter side and CenterCrop give, of which only the middle is computed. */
    private static RgbImage cover(RgbImage image, int width, int height) {
        long across = (long) image.width() * height;
        long down = (long) image.height() * width;
        int fullWidth = across <= down ? width : (int) Math.min(Integer.MAX_VALUE, across / image.height());
        int fullHeight = across <= down ? (int) Math.min(Integer.MAX_VALUE, down / image.width()) : height;
        return scale(
                image,
                Axis.middle(image.width(), Math.max(width, fullWidth), width),
                Axis.middle(image.height(), Math.max(height, fullHeight), height));
    }

    private static RgbImage scale(RgbImage image, Axis across, Axis down) {
        long rowsFirst = (long) image.height() * across.out();
        long columnsFirst = (long) image.width() * down.out();
        if (rowsFirst <= MOST_BETWEEN || rowsFirst <= columnsFirst) {
            return vertical(horizontal(image, across), down);
        }
        return horizontal(vertical(image, down), across);
    }

    private static RgbImage horizontal(RgbImage image, Axis axis) {
        if (axis.isIdentity()) {
            return image;
        }
        byte[] out = new byte[Math.multiplyExact(axis.out() * 3, image.height())];
        for (int x = 0; x < axis.out(); x++) {
            Taps taps = Taps.at(x, axis);
            for (int y = 0; y < image.height(); y++) {
                taps.apply(image.rgb(), y * image.width() * 3, 3, out, (y * axis.out() + x) * 3);
            }
        }
        return RgbImage.wrap(axis.out(), image.height(), out);
    }

    private static RgbImage vertical(RgbImage image, Axis axis) {
        if (axis.isIdentity()) {
            return image;
        }
        int stride = image.width() * 3;
        byte[] out = new byte[Math.multiplyExact(stride, axis.out())];
        for (int y = 0; y < axis.out(); y++) {
            Taps taps = Taps.at(y, axis);
            for (int x = 0; x < image.width(); x++) {
                taps.apply(image.rgb(), x * 3, stride, out, y * stride + x * 3);
            }
        }
        return RgbImage.wrap(image.width(), axis.out(), out);
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

    /**
     * How one axis is resampled: {@code in} pixels become {@code full} pixels, of which {@code out} are wanted, from {@code first} on.
     */
    private record Axis(int in, int full, int first, int out) {
        static Axis whole(int in, int out) {
            return new Axis(in, out, 0, out);
        }

        /** The middle, rounded to even as Python does it. */
        static Axis middle(int in, int full, int out) {
            return new Axis(in, full, (int) Math.rint((full - out) / 2.0), out);
        }

        boolean isIdentity() {
            return in == full && out == full;
        }
    }

    /** The source pixels of one output pixel along an axis, with weights in fixed point. */
    private static final class Taps {
        private final int first;
        private final int[] weights;

        private Taps(int first, int[] weights) {
            this.first = first;
            this.weights = weights;
        }

        static Taps at(int out, Axis axis) {
            double scale = (double) axis.in() / axis.full();
            double support = Math.max(1, scale);
            double middle = (axis.first() + out + 0.5) * scale;
            int first = Math.max(0, (int) (middle - support + 0.5));
            int end = Math.min(axis.in(), (int) (middle + support + 0.5));
            double[] exact = new double[end - first];
            double sum = 0;
            for (int i = 0; i < exact.length; i++) {
                exact[i] = Math.max(0, 1 - Math.abs((i + first - middle + 0.5) * (1 / support)));
                sum += exact[i];
            }
            int[] weights = new int[exact.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (int) (0.5 + exact[i] / sum * (1 << BITS));
            }
            return new Taps(first, weights);
        }

        void apply(byte[] in, int base, int step, byte[] out, int to) {
            int red = 1 << (BITS - 1);
            int green = red;
            int blue = red;
            int at = base + first * step;
            for (int weight : weights) {
                red += weight * (in[at] & 0xff);
                green += weight * (in[at + 1] & 0xff);
                blue += weight * (in[at + 2] & 0xff);
                at += step;
            }
            out[to] = (byte) Math.min(255, red >>> BITS);
            out[to + 1] = (byte) Math.min(255, green >>> BITS);
            out[to + 2] = (byte) Math.min(255, blue >>> BITS);
        }
    }
}
