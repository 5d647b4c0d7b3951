package io.acclimate.train;

/**
 * What is trained, and how.
 *
 * @param trainable {@code all}, {@code head}, {@code last:N}, {@code norm} or {@code name:REGEX}
 * @param clip the largest global gradient norm; infinite for none
 * @param averageDecay of the weight average per step t, which is min(averageDecay, (1 + t) / (10 + t)); 0 makes the average the
 *     weights themselves
 */
public record TrainSettings(
        String trainable,
        OptimizerKind optimizer,
        double learningRate,
        double momentum,
        double weightDecay,
        double clip,
        LossTerms terms,
        double averageDecay,
        long seed) {

    public enum OptimizerKind {
        SGD,
        ADAMW
    }

    public TrainSettings {
        TrainableSet.check(trainable);
        range("learning rate", learningRate, 0, 100);
        range("momentum", momentum, 0, 0.9999);
        range("weight decay", weightDecay, 0, 10);
        range("average decay", averageDecay, 0, 0.999999);
        if (!(clip > 0)) {
            throw new IllegalArgumentException("clip must be positive, got " + clip);
        }
    }

    static void range(String what, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(what + " must be from " + low + " to " + high + ", got " + value);
        }
    }

    public static TrainSettings defaults() {
        return new TrainSettings("all", OptimizerKind.SGD, 0.01, 0.9, 0, 5, LossTerms.defaults(), 0.99, 1);
    }

    public TrainSettings withTrainable(String value) {
        return new TrainSettings(
                value, optimizer, learningRate, momentum, weightDecay, clip, terms, averageDecay, seed);
    }

    public TrainSettings withOptimizer(OptimizerKind kind, double rate, double newMomentum, double decay) {
        return new TrainSettings(trainable, kind, rate, newMomentum, decay, clip, terms, averageDecay, seed);
    }

    public TrainSettings withTerms(LossTerms value) {
        return new TrainSettings(
                trainable, optimizer, learningRate, momentum, weightDecay, clip, value, averageDecay, seed);
    }

    public TrainSettings withClip(double value) {
        return new TrainSettings(
                trainable, optimizer, learningRate, momentum, weightDecay, value, terms, averageDecay, seed);
    }

    public TrainSettings withAverageDecay(double value) {
        return new TrainSettings(trainable, optimizer, learningRate, momentum, weightDecay, clip, terms, value, seed);
    }

    public TrainSettings withSeed(long value) {
        return new TrainSettings(
                trainable, optimizer, learningRate, momentum, weightDecay, clip, terms, averageDecay, value);
    }
}
