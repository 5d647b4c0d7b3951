package io.acclimate.adapt.domain;

import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.adapt.rest.Awake;
import io.acclimate.adapt.rest.Resting;
import io.acclimate.core.VersionId;
import io.acclimate.infer.ModelSession;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.Trainer;
import io.acclimate.wire.v1.Checkpoint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A domain's active version: its weights, the session that scores with them, and the trainer that started from them or from an earlier
 * version. It owns the trainer and the session, except for the source model's session, which all domains share. Both are opened when they
 * are used, and given back while the domain rests. One thread.
 */
final class ActiveVersion implements AutoCloseable, Resting {
    private final BaseModel models;
    private WeightDelta weights = WeightDelta.EMPTY;
    private boolean ofSource = true;
    /** Null until it is used, while the domain rests, and while the source model is active. */
    private @Nullable ModelSession session;
    /** Null until it is used, and while the domain rests. */
    private @Nullable Trainer trainer;

    private @Nullable ModelSession candidate;
    /** What training started from in place of the active version's weights. */
    private @Nullable WeightDelta alignedStart;
    /** Where the weights are while the domain rests. */
    private @Nullable Rested rested;

    /**
     * What a domain leaves in the file. It rests only while the trainer's weights are what they were opened with, or are here.
     *
     * @param start where training started when that was not from the active version
     * @param training the trainer's weights, average and state after its first step
     */
    private record Rested(Awake.Place weights, Optional<Awake.Place> start, Optional<Awake.Place> training) {}

    ActiveVersion(BaseModel models) {
        this.models = models;
    }

    WeightDelta weights() {
        wake();
        return weights;
    }

    ModelSession session() {
        wake();
        if (ofSource) {
            return models.source();
        }
        ModelSession open = session;
        if (open == null) {
            open = models.session(weights);
            session = open;
        }
        return open;
    }

    Trainer trainer() {
        wake();
        Trainer open = trainer;
        if (open == null) {
            open = models.trainer(alignedStart == null ? weights : alignedStart);
            trainer = open;
        }
        return open;
    }

    /** Scores with the trainer's average; with the active version where nothing was trained since. Stays open until training goes on. */
    ModelSession candidate() {
        wake();
        ModelSession open = candidate;
        if (open == null) {
            open = trainer().steps() == 0 && alignedStart == null
                    ? session()
                    : models.session(trainer().average());
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
        wake();
        trained();
        closeTrainer();
        alignedStart = start;
    }

    /** True while training started from aligned weights. */
    boolean isAligned() {
        return alignedStart().isPresent();
    }

    Optional<WeightDelta> alignedStart() {
        wake();
        return Optional.ofNullable(alignedStart);
    }

    /** Makes an existing version active, and starts training again from its weights. */
    void become(long number, WeightDelta existing) {
        wake();
        serve(existing, number == VersionId.SOURCE ? null : models.session(existing), number == VersionId.SOURCE);
        restartTraining();
    }

    /** Makes the candidate active. The trainer that made it continues undisturbed. */
    void promote() {
        ModelSession opened = candidate();
        serve(trainer().average(), opened == models.source() ? null : opened, opened == models.source());
    }

    private void serve(WeightDelta newWeights, @Nullable ModelSession opened, boolean source) {
        ModelSession old = session;
        session = opened;
        weights = newWeights;
        ofSource = source;
        close(old);
    }

    /** Drops what was trained since this version was made, and the optimiser's state. */
    void restartTraining() {
        wake();
        trained();
        alignedStart = null;
        closeTrainer();
    }

    private void closeTrainer() {
        Trainer old = trainer;
        trainer = null;
        if (old != null) {
            old.close();
        }
    }

    /** Closes a session that is not in use any more. */
    private void close(@Nullable ModelSession old) {
        if (old != null && old != models.source() && old != session && old != candidate) {
            old.close();
        }
    }

    @Override
    public void rest() {
        if (rested != null) {
            return;
        }
        Trainer open = trainer;
        Optional<Awake.Place> training = Optional.empty();
        if (open != null && open.steps() > 0) {
            Checkpoint.Builder state = Checkpoint.newBuilder().setOptimizerSteps(open.steps());
            TrainerState.save(open, state);
            training = Optional.of(models.awake().put(state.build().toByteArray()));
        }
        rested = new Rested(
                models.awake().put(weights.toBytes()),
                Optional.ofNullable(alignedStart).map(start -> models.awake().put(start.toBytes())),
                training);
        weights = WeightDelta.EMPTY;
        alignedStart = null;
        release();
    }

    private void wake() {
        models.awake().used(this);
        Rested from = rested;
        if (from == null) {
            return;
        }
        rested = null;
        weights = WeightDelta.parse(models.awake().take(from.weights()));
        alignedStart = from.start()
                .map(place -> WeightDelta.parse(models.awake().take(place)))
                .orElse(null);
        from.training().ifPresent(place -> TrainerState.restore(trainer(), checkpoint(place)));
    }

    private Checkpoint checkpoint(Awake.Place place) {
        try {
            return Checkpoint.parseFrom(models.awake().take(place));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the weights of a resting domain were damaged: " + e.getMessage(), e);
        }
    }

    private void release() {
        trained();
        closeTrainer();
        ModelSession old = session;
        session = null;
        close(old);
    }

    @Override
    public void close() {
        Rested left = rested;
        rested = null;
        if (left != null) {
            models.awake().forget(left.weights());
            left.start().ifPresent(models.awake()::forget);
            left.training().ifPresent(models.awake()::forget);
        }
        models.awake().left(this);
        release();
    }
}
