package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.Planes;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.StepSettings.Translation.Look;
import io.acclimate.adapt.translation.Translation.Choice;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Changes pictures of a domain to what the source model knows, and pictures of the source to what those of the domain look like. Values are changed by
 * StrictMath and in a fixed order, so that the same random state gives the same bytes on every JVM. Cost: some dozen operations a value, and some
 * dozen more where noise is smoothed.
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

    /** Of what is smoothed, so many of its standard deviations before are left at the ends of the range: half of the 2.33 beyond which one value of 100 is. */
    private static final float NOISE_LEFT = 1.17f;

    private final PictureChanges changes;
    private final Planes planes;
    private final Optional<PictureNoise> noise;

    PictureTranslation(InputSpec input, Look look) {
        this.changes = new PictureChanges(input);
        this.planes = Planes.of(input);
        this.noise = look.isThroughNoise() ? Optional.of(new PictureNoise(changes, planes)) : Optional.empty();
    }

    /** The domain's picture of this row. */
    DomainPicture ofDomain(FloatTensor row) {
        return new Seen(row.shape(), changes.pixels(row));
    }

    /** Is freed of noise and stretched once, when the first change asks for that. */
    private final class Seen implements DomainPicture {
        private final Shape shape;
        private final float[] pixels;
        private Optional<float[]> stretched = Optional.empty();

        Seen(Shape shape, float[] pixels) {
            this.shape = shape;
            this.pixels = pixels;
        }

        @Override
        public FloatTensor toSource(Translation how, SplitMix64 random) {
            if (how.is(Choice.TONE) && stretched.isEmpty()) {
                Clean clean = clean(pixels);
                stretched = Optional.of(toned(clean.pixels, clean.ranges, wholeRange()));
            }
            return PictureTranslation.this.toSource(
                    shape, how.is(Choice.TONE) ? stretched.orElseThrow() : pixels, how, random);
        }
    }

    /** @param unchanged pixels, in the tones of the source, which stay as they are */
    private FloatTensor toSource(Shape shape, float[] unchanged, Translation how, SplitMix64 random) {
        float[] pixels = unchanged;
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
        return changes.row(shape, how.is(Choice.INVERT) ? inverted(pixels) : pixels);
    }

    /**
     * The row of a source picture, changed the other way round.
     *
     * @param like gives the exposure of a picture of the domain, asked only where that matters
     */
    FloatTensor toDomain(FloatTensor row, Supplier<Exposure> like, Translation how, SplitMix64 random) {
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
            pixels = toned(pixels, like.get(), random);
        }
        return changes.row(row.shape(), pixels);
    }

    /** Of a picture of this size. */
    Exposure exposure(FloatTensor row) {
        float[] pixels = changes.pixels(row);
        Clean clean = clean(pixels);
        double inCommon = noise.map(each -> each.inCommon(pixels, clean.noise)).orElse(0.0);
        return new Exposure(clean.ranges, clean.noise, inCommon);
    }

    /** How strong the noise of a picture of this size is. */
    float[] noise(FloatTensor row) {
        return strengths(changes.pixels(row));
    }

    private float[] strengths(float[] pixels) {
        return noise.map(each -> each.strengths(pixels)).orElse(new float[planes.channels()]);
    }

    /** With the range, and the noise, of what it is to be like. */
    private float[] toned(float[] pixels, Exposure like, SplitMix64 random) {
        float[] toned = toned(pixels, clean(pixels).ranges, like.ranges);
        return noise.filter(each -> !PictureNoise.none(like.noise))
                .map(each -> each.added(
                        toned, PictureNoise.missing(each.strengths(toned), like.noise), like.inCommon, random))
                .orElse(toned);
    }

    /** The range of each channel of a picture, and its noise. */
    static final class Exposure {
        private final Range[] ranges;
        private final float[] noise;
        private final double inCommon;

        private Exposure(Range[] ranges, float[] noise, double inCommon) {
            this.ranges = ranges;
            this.noise = noise;
            this.inCommon = inCommon;
        }

        /** With the noise of another picture where that is less: a camera's noise is in all its pictures, and a fine texture, which is taken for noise, only in some. */
        Exposure withNoMoreNoise(float[] other) {
            float[] least = noise.clone();
            for (int c = 0; c < least.length; c++) {
                least[c] = Math.min(least[c], other[c]);
            }
            return new Exposure(ranges, least, inCommon);
        }
    }

    /** A picture without its noise, the strength of that for each channel, and the range of the picture without it. */
    private static final class Clean {
        private final float[] pixels;
        private final float[] noise;
        private final Range[] ranges;

        Clean(float[] pixels, float[] noise, Range[] ranges) {
            this.pixels = pixels;
            this.noise = noise;
            this.ranges = ranges;
        }
    }

    /** The picture itself, where noise is taken for what it shows. */
    private Clean clean(float[] pixels) {
        float[] strengths = strengths(pixels);
        float[] smoothed = noise.map(each -> each.smoothed(pixels, strengths)).orElse(pixels);
        Range[] ranges = ranges(smoothed);
        for (int c = 0; c < ranges.length; c++) {
            float left = Math.min(NOISE_LEFT * strengths[c], (ranges[c].high() - ranges[c].low()) / 2);
            ranges[c] = new Range(ranges[c].low() + left, ranges[c].high() - left);
        }
        return new Clean(smoothed, strengths, ranges);
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
