package io.acclimate.adapt.random;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import java.util.function.IntToDoubleFunction;

/**
 * Changes pictures in contrast, brightness, sharpness and angle. The same random state gives the same bytes on every JVM.
 *
 * @param input says in which order a row has its pixels, and how their values become those of the row
 */
public record PictureChanges(InputSpec input) {
    private static final double LARGEST_CONTRAST = 4;
    /** With less, what is seen is noise. */
    private static final double SMALLEST_RANGE = 0.04;

    private static final double LARGEST_ANGLE = Math.toRadians(50);

    /**
     * Half of the rows are blurred first, and a quarter of them are turned. Then the contrast, which is negative for half of them, and the
     * brightness change.
     */
    public FloatTensor drawn(FloatTensor row, SplitMix64 random) {
        double contrast = StrictMath.pow(LARGEST_CONTRAST, 1.5 * random.uniform() - 0.5);
        double slope = random.below(2) == 0 ? contrast : -contrast;
        double brightness = random.uniform();
        float[] pixels = pixels(row);
        if (random.below(2) == 0) {
            pixels = blurred(pixels);
        }
        if (random.below(4) == 0) {
            pixels = turned(pixels, LARGEST_ANGLE * (2 * random.uniform() - 1));
        }
        return row(row.shape(), pixels, slope, brightness);
    }

    /**
     * Blurs, turns and inverts the row as {@code change} says. The contrast is drawn in proportion to what the picture has of it, so that
     * faint pictures become clear ones.
     */
    public FloatTensor drawn(FloatTensor row, ChangeOdds.Change change, SplitMix64 random) {
        float[] pixels = pixels(row);
        if (change.blurred()) {
            pixels = blurred(pixels);
        }
        if (change.isTurned()) {
            pixels = turned(pixels, change.angle(random));
        }
        double contrast = StrictMath.pow(LARGEST_CONTRAST, 1.5 * random.uniform() - 0.5) / range(pixels);
        return row(row.shape(), pixels, change.inverted() ? -contrast : contrast, random.uniform());
    }

    private static double range(float[] pixels) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float each : pixels) {
            least = Math.min(least, each);
            most = Math.max(most, each);
        }
        return Math.max(SMALLEST_RANGE, (double) most - least);
    }

    /** Computes {@code slope · (p − mean of p) + brightness} of each pixel value p, limited to the range from black to white. */
    FloatTensor row(Shape shape, float[] pixels, double slope, double brightness) {
        double mean = 0;
        for (float each : pixels) {
            mean += each;
        }
        mean /= pixels.length;
        double middle = mean;
        return row(shape, i -> Math.max(0, Math.min(1, slope * (pixels[i] - middle) + brightness)));
    }

    /** The row that has these values of pixels, from 0 for black to 1 for white. */
    public FloatTensor row(Shape shape, float[] pixels) {
        return row(shape, i -> pixels[i]);
    }

    private FloatTensor row(Shape shape, IntToDoubleFunction pixel) {
        Planes planes = Planes.of(input);
        float[] out = new float[planes.channels() * planes.pixels()];
        for (int c = 0; c < planes.channels(); c++) {
            float mean = input.mean().get(c);
            float std = input.std().get(c);
            for (int k = 0; k < planes.pixels(); k++) {
                int i = planes.index(c, k);
                out[i] = (float) ((pixel.applyAsDouble(i) - mean) / std);
            }
        }
        return FloatTensor.wrap(shape, out);
    }

    /** The values of the pixels from 0 for black to 1 for white. */
    public float[] pixels(FloatTensor row) {
        Planes planes = Planes.of(input);
        float[] pixels = row.values().clone();
        for (int c = 0; c < planes.channels(); c++) {
            float mean = input.mean().get(c);
            float std = input.std().get(c);
            for (int k = 0; k < planes.pixels(); k++) {
                int i = planes.index(c, k);
                pixels[i] = pixels[i] * std + mean;
            }
        }
        return pixels;
    }

    /** Turns the image about its middle. A pixel from beyond the edge gets the value at the edge. */
    float[] turned(float[] pixels, double angle) {
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double middleX = (input.width() - 1) / 2.0;
        double middleY = (input.height() - 1) / 2.0;
        boolean planar = input.layout() == InputSpec.Layout.NCHW;
        int across = planar ? 1 : input.channels();
        int plane = planar ? input.height() * input.width() : 1;
        float[] to = new float[pixels.length];
        for (int y = 0; y < input.height(); y++) {
            for (int x = 0; x < input.width(); x++) {
                long fromX = Math.round(middleX + cos * (x - middleX) + sin * (y - middleY));
                long fromY = Math.round(middleY - sin * (x - middleX) + cos * (y - middleY));
                int nearX = (int) Math.max(0, Math.min(input.width() - 1, fromX));
                int nearY = (int) Math.max(0, Math.min(input.height() - 1, fromY));
                for (int c = 0; c < input.channels(); c++) {
                    to[c * plane + (y * input.width() + x) * across] =
                            pixels[c * plane + (nearY * input.width() + nearX) * across];
                }
            }
        }
        return to;
    }

    /** The mean of each pixel and its neighbours in both directions. */
    public float[] blurred(float[] pixels) {
        boolean planar = input.layout() == InputSpec.Layout.NCHW;
        int across = planar ? 1 : input.channels();
        int down = across * input.width();
        return smoothed(smoothed(pixels, across, input.width()), down, input.height());
    }

    /** @param stride from one pixel to the next of {@code count} in a line */
    private static float[] smoothed(float[] from, int stride, int count) {
        float[] to = new float[from.length];
        int lines = stride * count;
        for (int first = 0; first < from.length; first += lines) {
            int last = first + lines - stride;
            for (int pixel = first; pixel <= last; pixel += stride) {
                int before = pixel == first ? 0 : stride;
                int after = pixel == last ? 0 : stride;
                for (int i = pixel; i < pixel + stride; i++) {
                    to[i] = (from[i - before] + from[i] + from[i + after]) / 3;
                }
            }
        }
        return to;
    }
}
