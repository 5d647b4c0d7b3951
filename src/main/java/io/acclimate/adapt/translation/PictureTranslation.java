package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.Planes;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.translation.Translation.Choice;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Changes pictures of a domain to what the source model knows, and pictures of the source to what those of the domain look like. Values are changed by
 * StrictMath and in a fixed order, so that the same random state gives the same bytes on every JVM. Cost: some dozen operations a value.
 */
final class PictureTranslation {
    static final double ZOOM = 4.0 / 3;

    /** Of the values of a channel, so many stay below what is stretched to black, and as many above white: a few glaring pixels are no range. */
    private static final double OUTSIDE = 0.01;

    private static final int LEVELS = 256;
    /** With less, what is stretched is noise. */
    private static final float SMALLEST_RANGE = 0.04f;
    /** By so many times what a blur took away. */
    private static final float SHARPER = 3;
    /** Blurring by the mean of three pixels along both sides, so many times at most; each adds two thirds of a pixel to the variance. */
    private static final int MOST_BLUR = 4;

    private final PictureChanges changes;
    private final Planes planes;

    PictureTranslation(InputSpec input) {
        this.changes = new PictureChanges(input);
        this.planes = Planes.of(input);
    }

    /** The row of a domain's picture, changed as {@code how} says. */
    FloatTensor toSource(FloatTensor row, Translation how, SplitMix64 random) {
        float[] pixels = changes.pixels(row);
        if (how.is(Choice.TONE)) {
            pixels = toned(pixels, ranges(pixels), wholeRange());
        }
        double angle = how.angle(random);
        if (how.is(Choice.TURN) || how.is(Choice.ZOOM) || how.is(Choice.MIRROR)) {
            double scale = scale(how.way(Choice.ZOOM));
            double side = how.is(Choice.MIRROR) ? -1 : 1;
            double cos = scale * StrictMath.cos(angle);
            double sin = scale * StrictMath.sin(angle);
            pixels = moved(pixels, side * cos, sin, -side * sin, cos);
        }
        if (how.is(Choice.FOCUS)) {
            pixels = sharpened(pixels);
        }
        return changes.row(row.shape(), how.is(Choice.INVERT) ? inverted(pixels) : pixels);
    }

    /**
     * The row of a source picture, changed the other way round.
     *
     * @param like gives the row of a picture of the domain, whose range of each channel it gets
     */
    FloatTensor toDomain(FloatTensor row, Supplier<FloatTensor> like, Translation how, SplitMix64 random) {
        float[] pixels = changes.pixels(row);
        if (how.is(Choice.INVERT)) {
            pixels = inverted(pixels);
        }
        double angle = how.angle(random);
        if (how.is(Choice.TURN) || how.is(Choice.ZOOM) || how.is(Choice.MIRROR)) {
            double scale = 1 / scale(how.way(Choice.ZOOM));
            double side = how.is(Choice.MIRROR) ? -1 : 1;
            double cos = scale * StrictMath.cos(angle);
            double sin = scale * StrictMath.sin(angle);
            pixels = moved(pixels, side * cos, -side * sin, sin, cos);
        }
        if (how.is(Choice.FOCUS)) {
            int times = 1 + random.below(MOST_BLUR);
            for (int i = 0; i < times; i++) {
                pixels = changes.blurred(pixels);
            }
        }
        if (how.is(Choice.TONE)) {
            pixels = toned(pixels, ranges(pixels), ranges(changes.pixels(like.get())));
        }
        return changes.row(row.shape(), pixels);
    }

    /** What one pixel of the changed picture is in the one before. */
    private static double scale(int way) {
        return switch (way) {
            case 1 -> 1 / ZOOM;
            case 2 -> ZOOM;
            default -> 1;
        };
    }

    private static float[] inverted(float[] pixels) {
        float[] to = new float[pixels.length];
        for (int i = 0; i < to.length; i++) {
            to[i] = 1 - pixels[i];
        }
        return to;
    }

    private float[] sharpened(float[] pixels) {
        float[] blurred = changes.blurred(changes.blurred(pixels));
        float[] to = new float[pixels.length];
        for (int i = 0; i < to.length; i++) {
            to[i] = Math.max(0, Math.min(1, pixels[i] + SHARPER * (pixels[i] - blurred[i])));
        }
        return to;
    }

    /** Each pixel is what was at (xx · x + xy · y, yx · x + yy · y) from the middle, between four pixels; beyond the edge the edge goes on. */
    private float[] moved(float[] pixels, double xx, double xy, double yx, double yy) {
        double middleX = (planes.width() - 1) / 2.0;
        double middleY = (planes.height() - 1) / 2.0;
        float[] to = new float[pixels.length];
        for (int y = 0; y < planes.height(); y++) {
            for (int x = 0; x < planes.width(); x++) {
                double fromX = within(middleX + xx * (x - middleX) + xy * (y - middleY), planes.width());
                double fromY = within(middleY + yx * (x - middleX) + yy * (y - middleY), planes.height());
                int left = (int) fromX;
                int top = (int) fromY;
                int right = Math.min(left + 1, planes.width() - 1);
                int below = Math.min(top + 1, planes.height() - 1);
                float partX = (float) (fromX - left);
                float partY = (float) (fromY - top);
                for (int c = 0; c < planes.channels(); c++) {
                    float upper = (1 - partX) * at(pixels, c, left, top) + partX * at(pixels, c, right, top);
                    float lower = (1 - partX) * at(pixels, c, left, below) + partX * at(pixels, c, right, below);
                    to[planes.index(c, y * planes.width() + x)] = (1 - partY) * upper + partY * lower;
                }
            }
        }
        return to;
    }

    private float at(float[] pixels, int channel, int x, int y) {
        return pixels[planes.index(channel, y * planes.width() + x)];
    }

    private static double within(double place, int count) {
        return Math.max(0, Math.min(count - 1, place));
    }

    private record Range(float low, float high) {}

    private Range[] wholeRange() {
        Range[] all = new Range[planes.channels()];
        Arrays.fill(all, new Range(0, 1));
        return all;
    }

    /** Where nearly all values of each channel are. */
    private Range[] ranges(float[] pixels) {
        Range[] all = new Range[planes.channels()];
        int outside = (int) (OUTSIDE * planes.pixels());
        for (int c = 0; c < all.length; c++) {
            int[] counts = new int[LEVELS];
            for (int i = 0; i < planes.pixels(); i++) {
                counts[level(pixels[planes.index(c, i)])]++;
            }
            int low = 0;
            for (int seen = counts[0]; seen <= outside; seen += counts[low]) {
                low++;
            }
            int high = LEVELS - 1;
            for (int seen = counts[high]; seen <= outside; seen += counts[high]) {
                high--;
            }
            all[c] = new Range(low / (LEVELS - 1f), high / (LEVELS - 1f));
        }
        return all;
    }

    private static int level(float value) {
        return Math.max(0, Math.min(LEVELS - 1, Math.round(value * (LEVELS - 1))));
    }

    private float[] toned(float[] pixels, Range[] from, Range[] to) {
        float[] out = new float[pixels.length];
        for (int c = 0; c < from.length; c++) {
            float range = Math.max(SMALLEST_RANGE, from[c].high() - from[c].low());
            float slope = (to[c].high() - to[c].low()) / range;
            for (int i = 0; i < planes.pixels(); i++) {
                int place = planes.index(c, i);
                out[place] = Math.max(0, Math.min(1, to[c].low() + slope * (pixels[place] - from[c].low())));
            }
        }
        return out;
    }
}
