package io.acclimate.train;

import io.acclimate.core.Setting;

/**
 * How weights follow their gradients.
 *
 * @param momentum of SGD; AdamW has moments of its own
 * @param clip the largest global gradient norm; infinite for none
 */
public record OptimizerSettings(Kind kind, double learningRate, double momentum, double weightDecay, double clip) {
    public enum Kind {
        SGD,
        ADAMW
    }

    public OptimizerSettings {
        Setting.inRange("learning rate", learningRate, 0, 100);
        Setting.inRange("momentum", momentum, 0, 0.9999);
        Setting.inRange("weight decay", weightDecay, 0, 10);
        if (!(clip > 0)) {
            throw new IllegalArgumentException("clip must be positive, got " + clip);
        }
    }

    public static OptimizerSettings defaults() {
        return new OptimizerSettings(Kind.SGD, 0.01, 0.9, 1e-4, 5);
    }

    public OptimizerSettings withClip(double other) {
        return new OptimizerSettings(kind, learningRate, momentum, weightDecay, other);
    }

    public OptimizerSettings withWeightDecay(double other) {
        return new OptimizerSettings(kind, learningRate, momentum, other, clip);
    }
}
