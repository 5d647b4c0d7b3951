package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.Planes;
import io.acclimate.adapt.random.SplitMix64;

/**
 * The noise of a picture: how strong it is, without it, and with more of it. A network that was trained on clean pictures takes noise for what they
 * show, and most of all where faint pictures are stretched, which stretches their noise, too.
 *
 * <p>Its strength is estimated from what is neither plain nor an edge (Immerkær, <i>Fast Noise Variance Estimation</i>, CVIU 1996), by the median in place of the mean,
 * so that edges do not count (Donoho and Johnstone, <i>Ideal Spatial Adaptation by Wavelet Shrinkage</i>, Biometrika 1994). It is smoothed where a picture varies by no more than its noise
 * (Lee, <i>Digital Image Enhancement and Noise Filtering by Use of Local Statistics</i>, PAMI 1980). Cost: some dozen operations a value. Fails to tell a fine texture from noise.
 *
 * <p>Strengths are standard deviations, for each channel, where black is 0 and white 1.
 */
final class PictureNoise {
    /** What the mask makes of noise: the root of the sum of its squares. */
    private static final double MASK = 6;
    /** The mask has so many pixels along each side. */
    private static final int SIDE = 3;

    /** Half of all normally distributed numbers are within so many standard deviations. */
    private static final double MEDIAN = 0.6745;
    /** Strengths are told apart by one part of so many. */
    private static final int LEVELS = 4096;
    /** Where a value and its neighbours differ by less, they are equal. */
    private static final float SMALLEST_VARIANCE = 1e-9f;
    /** Standard deviations of a sum of four numbers from 0 to 1. */
    private static final double SUM_OF_FOUR = Math.sqrt(4 / 12.0);

    private static final int BITS = 16;

    private final PictureChanges changes;
    private final Planes planes;

    PictureNoise(PictureChanges changes, Planes planes) {
        this.changes = changes;
        this.planes = planes;
    }

    /** 0 for a picture that is too small to tell. */
    float[] strengths(float[] pixels) {
        float[] all = new float[planes.channels()];
        for (int c = 0; c < all.length; c++) {
            all[c] = strength(pixels, c);
        }
        return all;
    }

    private float strength(float[] pixels, int channel) {
        if (planes.height() < SIDE) {
            return 0;
        }
        int width = planes.width();
        int[] counts = new int[LEVELS];
        int seen = 0;
        float[] above = across(pixels, channel, 0);
        float[] middle = across(pixels, channel, 1);
        for (int y = 2; y < planes.height(); y++) {
            float[] below = across(pixels, channel, y);
            for (int x = 1; x < width - 1; x++) {
                float masked = above[x] - 2 * middle[x] + below[x];
                counts[Math.min(LEVELS - 1, (int) (Math.abs(masked) / MASK * LEVELS))]++;
                seen++;
            }
            above = middle;
            middle = below;
        }
        int level = 0;
        for (int below = counts[0]; 2 * below < seen; below += counts[level]) {
            level++;
        }
        return (float) (level / (double) LEVELS / MEDIAN);
    }

    /** By how much each pixel of a line is between those beside it, twice. */
    private float[] across(float[] pixels, int channel, int y) {
        float[] to = new float[planes.width()];
        int step = planes.step();
        int first = planes.index(channel, y * planes.width());
        for (int x = 1; x < to.length - 1; x++) {
            int at = first + x * step;
            to[x] = pixels[at - step] - 2 * pixels[at] + pixels[at + step];
        }
        return to;
    }

    /** Without most of its noise. */
    float[] smoothed(float[] pixels, float[] strengths) {
        float[] squares = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            squares[i] = pixels[i] * pixels[i];
        }
        float[] to = changes.blurred(pixels);
        float[] meanSquares = changes.blurred(squares);
        for (int c = 0; c < strengths.length; c++) {
            float noise = strengths[c] * strengths[c];
            for (int i = 0; i < planes.pixels(); i++) {
                int place = planes.index(c, i);
                float mean = to[place];
                float variance = Math.max(0, meanSquares[place] - mean * mean);
                float kept = Math.max(0, variance - noise) / Math.max(SMALLEST_VARIANCE, variance);
                to[place] = mean + kept * (pixels[place] - mean);
            }
        }
        return to;
    }

    /**
     * Of the variance of the noise, the part that all channels have in common: 1 for a grey picture, and 0 where each channel has its own.
     *
     * @param strengths of the picture
     */
    double inCommon(float[] pixels, float[] strengths) {
        int channels = planes.channels();
        float[] mean = new float[pixels.length];
        double variance = 0;
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < planes.pixels(); i++) {
                mean[planes.index(0, i)] += pixels[planes.index(c, i)] / channels;
            }
            variance += (double) strengths[c] * strengths[c] / channels;
        }
        if (channels == 1 || variance == 0) {
            return 0;
        }
        double ofMean = strength(mean, 0);
        return Math.max(0, Math.min(1, (channels * ofMean * ofMean / variance - 1) / (channels - 1)));
    }

    /**
     * With noise of these strengths besides. It is drawn of a sum of four numbers, which is close to the normal distribution and takes one draw.
     *
     * @param inCommon the part of its variance that all channels share
     */
    float[] added(float[] pixels, float[] strengths, double inCommon, SplitMix64 random) {
        float[] to = pixels.clone();
        if (none(strengths)) {
            return to;
        }
        double shared = Math.sqrt(inCommon);
        double own = Math.sqrt(1 - inCommon);
        for (int i = 0; i < planes.pixels(); i++) {
            double ofAll = shared > 0 ? shared * drawn(random) : 0;
            for (int c = 0; c < strengths.length; c++) {
                int place = planes.index(c, i);
                double noise = ofAll + (own > 0 ? own * drawn(random) : 0);
                to[place] = (float) Math.max(0, Math.min(1, to[place] + strengths[c] * noise));
            }
        }
        return to;
    }

    static boolean none(float[] strengths) {
        for (float each : strengths) {
            if (each > 0) {
                return false;
            }
        }
        return true;
    }

    private static double drawn(SplitMix64 random) {
        long bits = random.next();
        double sum = 0;
        for (int i = 0; i < Long.SIZE; i += BITS) {
            sum += (bits >>> i & (1 << BITS) - 1) / (double) (1 << BITS);
        }
        return (sum - 2) / SUM_OF_FOUR;
    }

    /** The strength of the noise that has to be added to the one to make the other. */
    static float[] missing(float[] there, float[] wanted) {
        float[] all = new float[there.length];
        for (int c = 0; c < all.length; c++) {
            all[c] = (float) Math.sqrt(Math.max(0, wanted[c] * wanted[c] - there[c] * there[c]));
        }
        return all;
    }
}
