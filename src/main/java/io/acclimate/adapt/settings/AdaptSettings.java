package io.acclimate.adapt.settings;

import io.acclimate.core.Membership;
import io.acclimate.gate.GateSettings;
import io.acclimate.train.TrainSettings;

/**
 * The settings of the adapting worker.
 *
 * @param seed decides all random choices
 */
public record AdaptSettings(
        Membership membership,
        TrainSettings train,
        GateSettings gate,
        StepSettings steps,
        EvaluationSettings evaluation,
        FreshnessSettings freshness,
        OutputSettings output,
        long seed) {

    public static AdaptSettings defaults() {
        return new AdaptSettings(
                Membership.of("acclimate-adapt"),
                TrainSettings.defaults(),
                GateSettings.defaults(),
                StepSettings.defaults(),
                EvaluationSettings.defaults(),
                FreshnessSettings.defaults(),
                OutputSettings.defaults(),
                1);
    }

    public AdaptSettings withMembership(Membership other) {
        return new AdaptSettings(other, train, gate, steps, evaluation, freshness, output, seed);
    }

    public AdaptSettings withTrain(TrainSettings other) {
        return new AdaptSettings(membership, other, gate, steps, evaluation, freshness, output, seed);
    }

    public AdaptSettings withGate(GateSettings other) {
        return new AdaptSettings(membership, train, other, steps, evaluation, freshness, output, seed);
    }

    public AdaptSettings withSteps(StepSettings other) {
        return new AdaptSettings(membership, train, gate, other, evaluation, freshness, output, seed);
    }

    public AdaptSettings withFreshness(FreshnessSettings other) {
        return new AdaptSettings(membership, train, gate, steps, evaluation, other, output, seed);
    }

    public AdaptSettings withOutput(OutputSettings other) {
        return new AdaptSettings(membership, train, gate, steps, evaluation, freshness, other, seed);
    }

    public AdaptSettings withSeed(long other) {
        return new AdaptSettings(membership, train, gate, steps, evaluation, freshness, output, other);
    }
}
