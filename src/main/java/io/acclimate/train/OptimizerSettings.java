package io.acclimate.train;

import io.acclimate.core.Setting;

/**
 * How weights follow their gradients. The learning rate is either chosen by hand, or automatic: then it is high, and what a step may
 * do to a tensor is bounded in proportion to the tensor, so that one setting fits networks whose layers differ (see
 * {@link MoveLimit}).
 *
 * @param momentum of SGD; AdamW has moments of its own
 * @param clip the largest global gradient norm; infinite for none
 * @param moves how far one step moves the weights at most
 */
public record OptimizerSettings(
        Kind kind, double learningRate, double momentum, double weightDecay, double clip, Moves moves) {
    public enum Kind {
        SGD(0.03),
        ADAMW(0.001);

        private final double automaticRate;

        Kind(double automaticRate) {
            this.automaticRate = automaticRate;
        }
    }

    /**
     * How far one step moves the weights at most.
     *
     * @param largest how far it moves a tensor, as a share of the tensor's norm; infinite where the learning rate was chosen by hand
     * @param layers of how many layers each may move that far; of more layers, each moves by less in proportion
     * @param fresh how far it moves a row of the last layer that nobody has trained yet, as a share of the norm of a trained row (see
     *     {@link FreshRowLimit}); 0 where such rows are bounded as the others are
     */
    public record Moves(double largest, int layers, double fresh) {
        /** No bound. */
        public static final Moves ANY = new Moves(Double.POSITIVE_INFINITY, Integer.MAX_VALUE, 0);

        /** With the learning rate that nobody chose. */
        static final Moves AUTOMATIC = new Moves(0.0025, 16, 0.05);

        public Moves {
            if (!(largest > 0)) {
                throw new IllegalArgumentException("the largest move must be positive, got " + largest);
            }
            Setting.inRange("move layers", layers, 1, Integer.MAX_VALUE);
            Setting.inRange("fresh move", fresh, 0, 1);
        }

        /** How far one step moves each tensor at most when so many layers are trained, as a share of the tensor's norm. */
        double of(int trained) {
            return largest * Math.min(1, layers / (double) Math.max(1, trained));
        }
    }

    public OptimizerSettings {
        Setting.inRange("learning rate", learningRate, 0, 100);
        Setting.inRange("momentum", momentum, 0, 0.9999);
        Setting.inRange("weight decay", weightDecay, 0, 10);
        if (!(clip > 0)) {
            throw new IllegalArgumentException("clip must be positive, got " + clip);
        }
    }

    /** With a learning rate that was chosen by hand. */
    public OptimizerSettings(Kind kind, double learningRate, double momentum, double weightDecay, double clip) {
        this(kind, learningRate, momentum, weightDecay, clip, Moves.ANY);
    }

    /** With the learning rate that fits most networks. */
    public static OptimizerSettings automatic(Kind kind, double momentum, double weightDecay, double clip) {
        return new OptimizerSettings(kind, kind.automaticRate, momentum, weightDecay, clip, Moves.AUTOMATIC);
    }

    public static OptimizerSettings defaults() {
        return automatic(Kind.SGD, 0.9, 1e-4, 5);
    }

    /** True when nobody chose the learning rate. */
    public boolean isAutomatic() {
        return Double.isFinite(moves.largest());
    }

    public OptimizerSettings withClip(double other) {
        return new OptimizerSettings(kind, learningRate, momentum, weightDecay, other, moves);
    }

    public OptimizerSettings withWeightDecay(double other) {
        return new OptimizerSettings(kind, learningRate, momentum, other, clip, moves);
    }

    public OptimizerSettings withFreshMove(double other) {
        return new OptimizerSettings(
                kind, learningRate, momentum, weightDecay, clip, new Moves(moves.largest(), moves.layers(), other));
    }

    /** With a learning rate that was chosen by hand. */
    public OptimizerSettings withLearningRate(double other) {
        return new OptimizerSettings(kind, other, momentum, weightDecay, clip);
    }
}
