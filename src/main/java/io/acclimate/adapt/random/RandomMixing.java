package io.acclimate.adapt.random;

import io.acclimate.core.FloatTensor;
import java.util.function.Supplier;

/**
 * Mixes some of the source rows of training steps with another one: s · row + (1 − s) · other, with s from ½ to 1, as in mixup (Zhang et
 * al., ICLR 2018). What such a row should be taken for is what the source model answers to it, so this is only of use where the loss is
 * taken of answers: it asks the source model at places that no replayed row has, which a few hundred rows that are replayed for months would
 * not hold (Beyer et al., <i>Knowledge distillation: a good teacher is patient and consistent</i>, CVPR 2022).
 *
 * <p>Cost: the answers cannot be kept, so the source model runs on the source rows of each step. The worker's thread only.
 */
public final class RandomMixing {
    public static final RandomMixing NONE = new RandomMixing(0);

    private static final int FINENESS = 1 << 16;

    private final double share;

    /** @param share of the rows that are mixed; 0 leaves rows as they are and uses no random numbers */
    public RandomMixing(double share) {
        this.share = share;
    }

    public boolean mixes() {
        return share > 0;
    }

    /**
     * The row, or a mixture of it and another one.
     *
     * @param other gives a row of the same shape; asked only when this one is mixed
     */
    public FloatTensor mixed(FloatTensor row, Supplier<FloatTensor> other, SplitMix64 random) {
        if (!mixes() || random.below(FINENESS) >= share * FINENESS) {
            return row;
        }
        float[] one = row.values();
        float[] two = other.get().values();
        float kept = 0.5f + random.below(FINENESS) / (2f * FINENESS);
        float[] values = new float[one.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = kept * one[i] + (1 - kept) * two[i];
        }
        return FloatTensor.wrap(row.shape(), values);
    }
}
