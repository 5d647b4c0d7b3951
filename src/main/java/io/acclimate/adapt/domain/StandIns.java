package io.acclimate.adapt.domain;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.infer.ModelSession;
import io.acclimate.train.LabelledBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes rows that take the place of source samples when there is no source set. Replayed target samples are changed at random in contrast,
 * brightness, sharpness and angle, and half of them are inverted. Those that the source model then classifies as their label says are
 * kept: it can only have learnt to do so on the source domain, so training on them keeps what it knows. They demand nothing that
 * contradicts the labels of the target, which is why they hardly slow down learning.
 *
 * <p>Rejected alternatives, on a network with batch norm: distillation of the source model on target rows (Li and Hoiem, <i>Learning
 * without Forgetting</i>, 2016) also holds on to its wrong answers, and L2-SP has to be so strong that little is learnt;
 * findings/decisions/learning-rate.md has the figures. Cost: one run of the source model on a batch for each step. It fails when no such
 * change leads from the target domain back to what the source model knows. The worker's thread only.
 */
final class StandIns {
    private static final double LARGEST_CONTRAST = 4;
    private static final double LARGEST_ANGLE = Math.toRadians(50);

    private final ModelSession source;
    private final InputSpec input;

    StandIns(ModelSession source) {
        this.source = source;
        this.input = source.card().input().picture();
    }

    /**
     * Answers with at most {@code count} rows, and with none when the source model is right on none.
     *
     * @param tries changed rows for each row that is wanted
     */
    Optional<LabelledBatch> draw(int count, int tries, ReplayBuffer replay, SplitMix64 random) {
        List<ReplaySample> drawn = replay.draw(tries * count, random);
        if (drawn.isEmpty()) {
            return Optional.empty();
        }
        List<FloatTensor> changed = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (ReplaySample each : drawn) {
            changed.add(changed(each.row(), random));
            labels.add(each.classIndex());
        }
        boolean[] hits = BaseModel.predict(source, FloatTensor.stack(changed)).hits(labels);
        List<FloatTensor> rows = new ArrayList<>();
        List<Integer> classes = new ArrayList<>();
        for (int i = 0; i < hits.length && rows.size() < count; i++) {
            if (hits[i]) {
                rows.add(changed.get(i));
                classes.add(labels.get(i));
            }
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(new LabelledBatch(FloatTensor.stack(rows), classes));
    }

    /**
     * Computes {@code ±a · (p − mean of p) + b} of each pixel value p, limited to the range from black to white. Half of the rows are
     * blurred first, and a quarter of them are turned.
     */
    private FloatTensor changed(FloatTensor row, SplitMix64 random) {
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
        double mean = 0;
        for (float each : pixels) {
            mean += each;
        }
        mean /= pixels.length;
        float[] out = new float[pixels.length];
        for (int i = 0; i < out.length; i++) {
            double value = Math.max(0, Math.min(1, slope * (pixels[i] - mean) + brightness));
            out[i] = (float)
                    ((value - input.mean().get(channel(i))) / input.std().get(channel(i)));
        }
        return FloatTensor.wrap(row.shape(), out);
    }

    /** The values of the pixels from 0 for black to 1 for white. */
    private float[] pixels(FloatTensor row) {
        float[] pixels = row.values().clone();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = pixels[i] * input.std().get(channel(i)) + input.mean().get(channel(i));
        }
        return pixels;
    }

    private int channel(int index) {
        return input.layout() == InputSpec.Layout.NCHW
                ? index / (input.height() * input.width())
                : index % input.channels();
    }

    /** Turns the image about its middle. A pixel from beyond the edge gets the value at the edge. */
    private float[] turned(float[] pixels, double angle) {
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
    private float[] blurred(float[] pixels) {
        boolean planar = input.layout() == InputSpec.Layout.NCHW;
        int across = planar ? 1 : input.channels();
        int down = across * input.width();
        return smoothed(smoothed(pixels, across, input.width()), down, input.height());
    }

    /** @param stride from one pixel to the next of {@code count} in a line */
    private static float[] smoothed(float[] from, int stride, int count) {
        float[] to = new float[from.length];
        for (int i = 0; i < from.length; i++) {
            int place = i / stride % count;
            float before = place == 0 ? from[i] : from[i - stride];
            float after = place == count - 1 ? from[i] : from[i + stride];
            to[i] = (before + from[i] + after) / 3;
        }
        return to;
    }
}
