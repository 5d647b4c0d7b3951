package io.acclimate.adapt.random;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput;

/**
 * Moves the rows of training steps by a few pixels at random, up and down, left and right, so that a sample that is replayed often is
 * never quite the same. This is Repeated Augmented Rehearsal (Zhang et al., <i>A simple but strong baseline for online continual
 * learning</i>, NeurIPS 2022) with the mildest of its augmentations: many steps on few labels overfit them without it. A pixel that comes
 * from beyond the edge gets the value at the edge. Flips and changes of colour are left out, since they can change the class.
 *
 * <p>Cost: one copy of each row. It fails to help, and costs a little, where a class is told by the exact place of something in the
 * image. The worker's thread only.
 */
public final class RandomShifts {
    private final Planes planes;
    private final int across;
    private final int down;

    /**
     * @param input of the model; rows that are no images stay as they are
     * @param share of width and of height that a row moves by at most; 0 leaves rows as they are and uses no random numbers
     */
    public RandomShifts(ModelInput input, double share) {
        this.planes = Planes.of(input);
        this.across = (int) Math.round(share * planes.width());
        this.down = (int) Math.round(share * planes.height());
    }

    public FloatTensor shifted(FloatTensor row, SplitMix64 random) {
        if (across == 0 && down == 0) {
            return row;
        }
        int right = random.below(2 * across + 1) - across;
        int below = random.below(2 * down + 1) - down;
        if (right == 0 && below == 0) {
            return row;
        }
        int height = planes.height();
        int width = planes.width();
        int step = planes.step();
        int line = width * step;
        float[] from = row.values();
        float[] to = new float[from.length];
        for (int y = 0; y < planes.count() * height; y++) {
            int plane = y / height * height;
            int fromLine = (plane + within(y - plane - below, height)) * line;
            for (int x = 0; x < width; x++) {
                System.arraycopy(from, fromLine + within(x - right, width) * step, to, y * line + x * step, step);
            }
        }
        return FloatTensor.wrap(row.shape(), to);
    }

    private static int within(int place, int count) {
        return Math.max(0, Math.min(count - 1, place));
    }
}
