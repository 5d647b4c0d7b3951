package io.acclimate.train;

import io.acclimate.core.Setting;

/**
 * What is trained, and how.
 *
 * @param trainable {@code all}, {@code head}, {@code last:N}, {@code norm} or {@code name:REGEX}
 * @param averageDecay of the weight average per step t, which is averageDecay · (1 + t) / (10 + t); 0 makes the average the
 *     weights themselves
 */
public record TrainSettings(
        String trainable, OptimizerSettings optimizer, LossTerms terms, double averageDecay, long seed) {
    public TrainSettings {
        TrainableSet.check(trainable);
        Setting.inRange("average decay", averageDecay, 0, 0.999999);
    }

    /** What a worker trains with on a stream. */
    public static TrainSettings defaults() {
        return new TrainSettings("all", OptimizerSettings.defaults(), LossTerms.defaults(), 0.998, 1);
    }

    /**
     * What trains on a data set that is read several times: no weight decay, and the last weights instead of their average. Source
     * samples are replayed by their labels, since the label set may be another one than the source model has answers for. The
     * learning rate is fixed, since a schedule lowers it, and since fresh weights have far to go.
     */
    public static TrainSettings offline() {
        return defaults()
                .withOptimizer(OptimizerSettings.defaults().withWeightDecay(0).withLearningRate(0.01))
                .withTerms(LossTerms.defaults().withSourceLoss(LossTerms.SourceLoss.LABELS))
                .withAverageDecay(0);
    }

    public TrainSettings withTrainable(String other) {
        return new TrainSettings(other, optimizer, terms, averageDecay, seed);
    }

    public TrainSettings withOptimizer(OptimizerSettings other) {
        return new TrainSettings(trainable, other, terms, averageDecay, seed);
    }

    public TrainSettings withTerms(LossTerms other) {
        return new TrainSettings(trainable, optimizer, other, averageDecay, seed);
    }

    public TrainSettings withAverageDecay(double other) {
        return new TrainSettings(trainable, optimizer, terms, other, seed);
    }
}
