package io.acclimate.adapt.domain;

import io.acclimate.core.VersionId;
import io.acclimate.infer.ModelSession;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.Trainer;

/**
 * A domain's active version: its weights, the session that scores with them, and the trainer that started from them or from an earlier
 * version. It owns the trainer and the session, except for the source model's session, which all domains share. One thread.
 */
final class ActiveVersion implements AutoCloseable {
    private final BaseModel models;
    private WeightDelta weights = WeightDelta.EMPTY;
    private ModelSession session;
    private Trainer trainer;

    ActiveVersion(BaseModel models) {
        this.models = models;
        this.session = models.source();
        this.trainer = models.trainer(WeightDelta.EMPTY);
    }

    WeightDelta weights() {
        return weights;
    }

    ModelSession session() {
        return session;
    }

    Trainer trainer() {
        return trainer;
    }

    /** Makes an existing version active, and starts training again from its weights. */
    void become(long number, WeightDelta existing) {
        promote(existing, number == VersionId.SOURCE ? models.source() : models.session(existing));
        restartTraining();
    }

    /** Makes a candidate active. The trainer that made it continues undisturbed. */
    void promote(WeightDelta candidate, ModelSession opened) {
        ModelSession old = session;
        session = opened;
        weights = candidate;
        if (old != models.source() && old != opened) {
            old.close();
        }
    }

    /** Drops what was trained since this version was made, and the optimiser's state. */
    void restartTraining() {
        trainer.close();
        trainer = models.trainer(weights);
    }

    @Override
    public void close() {
        trainer.close();
        if (session != models.source()) {
            session.close();
        }
    }
}
