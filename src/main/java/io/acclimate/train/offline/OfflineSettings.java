package io.acclimate.train.offline;

import io.acclimate.train.TrainSettings;

/**
 * The loop over a data set.
 *
 * @param shuffle a new seeded order each epoch; otherwise the set's own order
 * @param schedule of the learning rate over all steps
 */
public record OfflineSettings(
        int epochs,
        int batchSize,
        Order shuffle,
        Schedule schedule,
        double learningRate,
        Augmentation augmentation,
        long seed) {

    /** The order of samples in an epoch. */
    public enum Order {
        SHUFFLED,
        AS_GIVEN
    }

    /** How the learning rate changes from the first to the last step. */
    public enum Schedule {
        CONSTANT,
        /** Half a cosine down to a hundredth. */
        COSINE,
        /** A tenth from two thirds of the steps on. */
        STEP;

        double rate(double start, long step, long steps) {
            double done = (double) step / Math.max(1, steps);
            return switch (this) {
                case CONSTANT -> start;
                case COSINE -> start * (0.01 + 0.99 * (1 + StrictMath.cos(Math.PI * done)) / 2);
                case STEP -> 3 * step < 2 * steps ? start : start / 10;
            };
        }
    }

    public OfflineSettings {
        if (epochs < 1 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "epochs and batch size must be positive, got " + epochs + " and " + batchSize);
        }
        if (!(learningRate >= 0 && learningRate <= 100)) {
            throw new IllegalArgumentException("learning rate must be from 0 to 100, got " + learningRate);
        }
    }

    public static OfflineSettings defaults() {
        TrainSettings train = TrainSettings.offline();
        return new OfflineSettings(
                5,
                100,
                Order.SHUFFLED,
                Schedule.COSINE,
                train.optimizer().learningRate(),
                new Augmentation(true, 4),
                train.seed());
    }
}
