package io.acclimate.train;

import io.acclimate.core.Setting;

/**
 * How weights follow their gradients. The learning rate is either chosen by hand, or automatic: then it is high, and what a step may
 * do to a tensor is bounded in proportion to the tensor, so that one setting fits networks whose layers differ (see
 * {@link MoveLimit}).
 *
 * @param momentum of SGD; AdamW has moments of its own
 * @param clip the largest global gradient norm; infinite for none
 * @param largestMove how far one step moves a tensor at most, as a share of the tensor's norm; infinite where the learning rate was
 *     chosen by hand
 * @param freshMove how far one step moves a row of the last layer at most that nobody has trained yet, as a share of the norm of a
 *     trained row (see {@link FreshRowLimit}); 0 where such rows are bounded as the others are
 */
public record OptimizerSettings(
        Kind kind,
        double learningRate,
        double momentum,
        double weightDecay,
        double clip,
        double largestMove,
        double freshMove) {
    public enum Kind {
        SGD(0.03),
        ADAMW(0.001);

        private final double automaticRate;

        Kind(double automaticRate) {
            this.automaticRate = automaticRate;
        }
    }

    private static final double AUTOMATIC_MOVE = 0.0025;
    private static final double AUTOMATIC_FRESH_MOVE = 0.05;

    public OptimizerSettings {
        Setting.inRange("learning rate", learningRate, 0, 100);
        Setting.inRange("momentum", momentum, 0, 0.9999);
        Setting.inRange("weight decay", weightDecay, 0, 10);
        if (!(clip > 0)) {
            throw new IllegalArgumentException("clip must be positive, got " + clip);
        }
        if (!(largestMove > 0)) {
            throw new IllegalArgumentException("the largest move must be positive, got " + largestMove);
        }
        Setting.inRange("fresh move", freshMove, 0, 1);
    }

    /** With a learning rate that was chosen by hand. */
    public OptimizerSettings(Kind kind, double learningRate, double momentum, double weightDecay, double clip) {
        this(kind, learningRate, momentum, weightDecay, clip, Double.POSITIVE_INFINITY, 0);
    }

    /** With the learning rate that fits most networks. */
    public static OptimizerSettings automatic(Kind kind, double momentum, double weightDecay, double clip) {
        return new OptimizerSettings(
                kind, kind.automaticRate, momentum, weightDecay, clip, AUTOMATIC_MOVE, AUTOMATIC_FRESH_MOVE);
    }

    public static OptimizerSettings defaults() {
        return automatic(Kind.SGD, 0.9, 1e-4, 5);
    }

    /** True when nobody chose the learning rate. */
    public boolean isAutomatic() {
        return Double.isFinite(largestMove);
    }

    public OptimizerSettings withClip(double other) {
        return new OptimizerSettings(kind, learningRate, momentum, weightDecay, other, largestMove, freshMove);
    }

    public OptimizerSettings withWeightDecay(double other) {
        return new OptimizerSettings(kind, learningRate, momentum, other, clip, largestMove, freshMove);
    }

    public OptimizerSettings withFreshMove(double other) {
        return new OptimizerSettings(kind, learningRate, momentum, weightDecay, clip, largestMove, other);
    }

    /** With a learning rate that was chosen by hand. */
    public OptimizerSettings withLearningRate(double other) {
        return new OptimizerSettings(kind, other, momentum, weightDecay, clip);
    }
}
