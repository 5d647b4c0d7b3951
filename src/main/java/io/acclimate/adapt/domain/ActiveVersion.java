package io.acclimate.adapt.domain;

import io.acclimate.core.VersionId;
import io.acclimate.infer.ModelSession;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.Trainer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A domain's active version: its weights, the session that scores with them, and the trainer that started from them or from an earlier
 * version. It owns the trainer and the session, except for the source model's session, which all domains share. One thread.
 */
final class ActiveVersion implements AutoCloseable {
    private final BaseModel models;
    private WeightDelta weights = WeightDelta.EMPTY;
    private ModelSession session;
    private Trainer trainer;
    private @Nullable ModelSession candidate;
    /** What training started from in place of the active version's weights. */
    private @Nullable WeightDelta alignedStart;

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

    /** Scores with the trainer's average; with the active version where nothing was trained since. Stays open until training goes on. */
    ModelSession candidate() {
        ModelSession open = candidate;
        if (open == null) {
            open = trainer.steps() == 0 && alignedStart == null ? session : models.session(trainer.average());
            candidate = open;
        }
        return open;
    }

    /** The trainer's average has changed. */
    void trained() {
        ModelSession old = candidate;
        candidate = null;
        close(old);
    }

    /** Starts training from {@code start}, which was aligned to images without labels, in place of the active version. */
    void align(WeightDelta start) {
        trained();
        trainer.close();
        trainer = models.trainer(start);
        alignedStart = start;
    }

    /** True while training started from aligned weights. */
    boolean isAligned() {
        return alignedStart != null;
    }

    Optional<WeightDelta> alignedStart() {
        return Optional.ofNullable(alignedStart);
    }

    /** Makes an existing version active, and starts training again from its weights. */
    void become(long number, WeightDelta existing) {
        serve(existing, number == VersionId.SOURCE ? models.source() : models.session(existing));
        restartTraining();
    }

    /** Makes the candidate active. The trainer that made it continues undisturbed. */
    void promote() {
        serve(trainer.average(), candidate());
    }

    private void serve(WeightDelta newWeights, ModelSession opened) {
        ModelSession old = session;
        session = opened;
        weights = newWeights;
        close(old);
    }

    /** Drops what was trained since this version was made, and the optimiser's state. */
    void restartTraining() {
        trained();
        alignedStart = null;
        trainer.close();
        trainer = models.trainer(weights);
    }

    /** Closes a session that is not in use any more. */
    private void close(@Nullable ModelSession old) {
        if (old != null && old != models.source() && old != session && old != candidate) {
            old.close();
        }
    }

    @Override
    public void close() {
        trained();
        trainer.close();
        if (session != models.source()) {
            session.close();
        }
    }
}
