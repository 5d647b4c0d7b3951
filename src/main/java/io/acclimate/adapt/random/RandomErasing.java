package io.acclimate.adapt.random;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput;
import java.util.Arrays;

/**
 * Covers a part of half the rows of training steps, so that a sample that is replayed often is told by all of it and not by one detail.
 * The part is as many times lower and narrower than the image, its middle lies anywhere in it, and what would lie beyond the edge is left out: cutout (DeVries
 * and Taylor, <i>Improved regularization of convolutional neural networks with cutout</i>, 2017), for a share of the rows as in random
 * erasing (Zhong et al., AAAI 2020). Each channel is covered with its mean over the row.
 *
 * <p>It makes more replayed steps worth their time: without it, twice as many of them overfit. Cost: one copy of each row that is
 * covered. It fails where a class is told by a detail of the size of the part, and then costs what the half of the rows that is covered
 * would have taught. The worker's thread only.
 */
public final class RandomErasing {
    private final Planes planes;
    private final int across;
    private final int down;

    /**
     * @param input of the model; rows that are no images stay as they are
     * @param share of width and of height that the covered part has; 0 leaves rows as they are and uses no random numbers
     */
    public RandomErasing(ModelInput input, double share) {
        this.planes = Planes.of(input);
        this.across = (int) (share * planes.width());
        this.down = (int) (share * planes.height());
    }

    /** The row, or a copy of it in which a part is covered. */
    public FloatTensor erased(FloatTensor row, SplitMix64 random) {
        if (across == 0 || down == 0 || random.below(2) == 0) {
            return row;
        }
        int top = random.below(planes.height()) - down / 2;
        int left = random.below(planes.width()) - across / 2;
        int bottom = Math.min(planes.height(), top + down);
        int right = Math.min(planes.width(), left + across);
        float[] values = Arrays.copyOf(row.values(), row.values().length);
        for (int channel = 0; channel < planes.channels(); channel++) {
            float mean = mean(row.values(), channel);
            for (int y = Math.max(0, top); y < bottom; y++) {
                for (int x = Math.max(0, left); x < right; x++) {
                    values[planes.index(channel, y * planes.width() + x)] = mean;
                }
            }
        }
        return FloatTensor.wrap(row.shape(), values);
    }

    private float mean(float[] values, int channel) {
        double sum = 0;
        for (int pixel = 0; pixel < planes.pixels(); pixel++) {
            sum += values[planes.index(channel, pixel)];
        }
        return (float) (sum / planes.pixels());
    }
}
