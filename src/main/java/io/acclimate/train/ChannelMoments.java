package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import io.acclimate.core.FloatTensor;
import io.acclimate.train.operators.Reductions;
import io.acclimate.train.operators.Scalars;

/** Mean and unbiased variance of each channel of a value {@code [rows, channels, …]}. Immutable. */
final class ChannelMoments {
    private final double[] mean;
    private final double[] variance;

    private ChannelMoments(double[] mean, double[] variance) {
        this.mean = mean;
        this.variance = variance;
    }

    static ChannelMoments of(NDArray value) {
        long rows = value.getShape().get(0);
        NDArray perChannel = value.reshape(rows, value.getShape().get(1), -1);
        long count = rows * perChannel.getShape().get(2);
        NDArray mean = Reductions.mean(perChannel, 0, 2);
        NDArray variance =
                Scalars.times(Reductions.mean(perChannel.sub(mean).square(), 0, 2), count / Math.max(1.0, count - 1.0));
        return new ChannelMoments(doubles(mean.toFloatArray()), doubles(variance.toFloatArray()));
    }

    /** Those that a batch normalisation was made with. */
    static ChannelMoments of(FloatTensor mean, FloatTensor variance) {
        return new ChannelMoments(doubles(mean.values()), doubles(variance.values()));
    }

    int channels() {
        return mean.length;
    }

    double mean(int channel) {
        return mean[channel];
    }

    double variance(int channel) {
        return variance[channel];
    }

    float[] means() {
        return floats(mean);
    }

    float[] variances() {
        return floats(variance);
    }

    /** {@code (1 − share)} of these and {@code share} of the others. */
    ChannelMoments towards(ChannelMoments other, double share) {
        double[] newMean = new double[mean.length];
        double[] newVariance = new double[mean.length];
        for (int i = 0; i < mean.length; i++) {
            newMean[i] = (1 - share) * mean[i] + share * other.mean[i];
            newVariance[i] = (1 - share) * variance[i] + share * other.variance[i];
        }
        return new ChannelMoments(newMean, newVariance);
    }

    boolean isFinite() {
        for (int i = 0; i < mean.length; i++) {
            if (!Double.isFinite(mean[i]) || !Double.isFinite(variance[i])) {
                return false;
            }
        }
        return true;
    }

    private static double[] doubles(float[] from) {
        double[] to = new double[from.length];
        for (int i = 0; i < to.length; i++) {
            to[i] = from[i];
        }
        return to;
    }

    private static float[] floats(double[] from) {
        float[] to = new float[from.length];
        for (int i = 0; i < to.length; i++) {
            to[i] = (float) from[i];
        }
        return to;
    }
}
