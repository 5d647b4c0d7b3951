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
        TrainSettings train,
        GateSettings gate,
        StepSettings steps,
        EvaluationSettings evaluation,
        DeliverySettings delivery,
        UnlabelledSettings unlabelled,
        long seed) {

    public static AdaptSettings defaults() {
        return new AdaptSettings(
                TrainSettings.defaults(),
                GateSettings.defaults(),
                StepSettings.defaults(),
                EvaluationSettings.defaults(),
                DeliverySettings.defaults(),
                UnlabelledSettings.defaults(),
                1);
    }

    public AdaptSettings withMembership(Membership other) {
        return withDelivery(delivery.withMembership(other));
    }

    public AdaptSettings withTrain(TrainSettings other) {
        return new AdaptSettings(other, gate, steps, evaluation, delivery, unlabelled, seed);
    }

    public AdaptSettings withGate(GateSettings other) {
        return new AdaptSettings(train, other, steps, evaluation, delivery, unlabelled, seed);
    }

    public AdaptSettings withSteps(StepSettings other) {
        return new AdaptSettings(train, gate, other, evaluation, delivery, unlabelled, seed);
    }

    public AdaptSettings withEvaluation(EvaluationSettings other) {
        return new AdaptSettings(train, gate, steps, other, delivery, unlabelled, seed);
    }

    public AdaptSettings withFreshness(FreshnessSettings other) {
        return withDelivery(delivery.withFreshness(other));
    }

    public AdaptSettings withOutput(OutputSettings other) {
        return withDelivery(delivery.withOutput(other));
    }

    public AdaptSettings withPace(PaceSettings other) {
        return withDelivery(delivery.withPace(other));
    }

    public AdaptSettings withRetention(RetentionSettings other) {
        return withDelivery(delivery.withRetention(other));
    }

    /** Promoted versions are published and do not serve until an operator activates one. */
    public AdaptSettings inShadow() {
        return withDelivery(delivery.inShadow());
    }

    private AdaptSettings withDelivery(DeliverySettings other) {
        return new AdaptSettings(train, gate, steps, evaluation, other, unlabelled, seed);
    }

    public Membership membership() {
        return delivery.membership();
    }

    public FreshnessSettings freshness() {
        return delivery.freshness();
    }

    public PaceSettings pace() {
        return delivery.pace();
    }

    public RetentionSettings retention() {
        return delivery.retention();
    }

    public OutputSettings output() {
        return delivery.output();
    }

    public AdaptSettings withSeed(long other) {
        return new AdaptSettings(train, gate, steps, evaluation, delivery, unlabelled, other);
    }

    public AdaptSettings withUnlabelled(UnlabelledSettings other) {
        return new AdaptSettings(train, gate, steps, evaluation, delivery, other, seed);
    }

    /** The largest number of samples that a model version is judged by at a time: of the target domain or of the source domain. */
    public int judgedRows() {
        return Math.max(evaluation.holdoutCapacity(), evaluation.sourceCheck());
    }
}
