package io.acclimate.train.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.acclimate.train.operators.Scalars;

/**
 * Distances of source and target features {@code [rows, d]}. Both need two rows of each; few rows make them noisy, and both are
 * blind to a shift that only swaps classes.
 */
public final class Alignment {
    /** Multiples of the mean squared distance. */
    private static final float[] BANDWIDTHS = {0.25f, 0.5f, 1, 2, 4};

    private static final float NOTHING = 1e-12f;

    private Alignment() {}

    /**
     * One row of features per sample: maps {@code [rows, channels, height, width]} and sequences {@code [rows, tokens, d]} are
     * averaged over their places, since d² values must fit in memory.
     */
    public static NDArray pooled(NDArray features) {
        int rank = features.getShape().dimension();
        return switch (rank) {
            case 2 -> features;
            case 3 -> features.mean(new int[] {1});
            default ->
                features.reshape(features.getShape().get(0), features.getShape().get(1), -1)
                        .mean(new int[] {2});
        };
    }

    /**
     * The features, whose gradient is multiplied by {@code −strength} on its way back: gradient reversal (Ganin et al., <i>Domain-Adversarial
     * Training of Neural Networks</i>, 2016). What is added to them is exactly 0.
     */
    public static NDArray reversed(NDArray features, double strength) {
        NDArray back = Scalars.times(features, -strength);
        return features.stopGradient().add(back.sub(back.stopGradient()));
    }

    /**
     * CORAL: {@code ‖C_s − C_t‖²_F / (4 d²)}, the distance of the covariances (Sun and Saenko, Deep CORAL, 2016). Costs d²
     * memory. Sees no shift of the means.
     */
    public static NDArray coral(NDArray source, NDArray target) {
        float d = source.getShape().get(1);
        return Scalars.over(covariance(source).sub(covariance(target)).square().sum(), 4f * d * d);
    }

    private static NDArray covariance(NDArray rows) {
        NDArray centred = rows.sub(rows.mean(new int[] {0}, true));
        return Scalars.over(centred.transpose().matMul(centred), rows.getShape().get(0) - 1.0);
    }

    /**
     * MMD²: {@code mean k(s, s') + mean k(t, t') − 2 mean k(s, t)}, the biased estimate, never negative (Gretton et al., A Kernel
     * Two-Sample Test, 2012), with the mean of five Gaussian kernels (Long et al., Learning Transferable Features with Deep
     * Adaptation Networks, 2015) whose widths are multiples of the mean squared distance of all rows. The width takes part in the
     * gradient, so that shrinking all features wins nothing. Costs (rows)² memory. Biased by about 1 / rows.
     */
    public static NDArray mmd(NDArray source, NDArray target) {
        long n = source.getShape().get(0);
        NDArray all = NDArrays.concat(new NDList(source, target), 0);
        NDArray squares = all.square().sum(new int[] {1}, true);
        NDArray distances =
                Scalars.atLeast(squares.add(squares.transpose()).sub(Scalars.times(all.matMul(all.transpose()), 2)), 0);
        NDArray width = distances.mean().add(NOTHING);
        NDArray kernel = distances.div(Scalars.times(width, -BANDWIDTHS[0])).exp();
        for (int i = 1; i < BANDWIDTHS.length; i++) {
            kernel = kernel.add(
                    distances.div(Scalars.times(width, -BANDWIDTHS[i])).exp());
        }
        NDList halves = Scalars.over(kernel, BANDWIDTHS.length).split(new long[] {n}, 0);
        NDList top = halves.get(0).split(new long[] {n}, 1);
        NDArray within = halves.get(1).split(new long[] {n}, 1).get(1);
        return top.get(0).mean().add(within.mean()).sub(Scalars.times(top.get(1).mean(), 2));
    }
}
