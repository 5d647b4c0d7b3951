package io.acclimate.adapt.domain;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.acclimate.adapt.rest.Awake;
import io.acclimate.adapt.rest.Resting;
import io.acclimate.adapt.rest.RestingValue;
import io.acclimate.core.VersionId;
import io.acclimate.infer.ModelSession;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.Trainer;
import io.acclimate.wire.v1.Checkpoint;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A domain's active version: its weights, the session that scores with them, and the trainer that started from them or from an earlier
 * version. It owns the trainer and the session, except for the source model's session, which all domains share. Each of them is opened when it
 * is used, and given back while the domain rests. A worker that is behind makes no step in most rounds, so a round that only scores must not
 * open the trainer: what a round without steps asks of training is known without it. One thread.
 */
final class ActiveVersion implements AutoCloseable, Resting {
    private final BaseModel models;
    private final RestingValue<WeightDelta> weights;
    private boolean ofSource = true;
    /** Null until it is used, while the domain rests, and while the source model is active. */
    private @Nullable ModelSession session;
    /** Null until it is used, and while the domain rests. */
    private @Nullable Trainer trainer;

    private @Nullable ModelSession candidate;
    /** What training started from in place of the active version's weights. */
    private @Nullable RestingValue<WeightDelta> alignedStart;
    /** The steps of training while the trainer is not open. */
    private long restingSteps;
    /** The trainer's state after so many steps, as the file has it. */
    private @Nullable Rested rested;

    private @Nullable Fingerprint fingerprint;
    /** After how many steps the average became the active version; negative when it is not known to be the active version. */
    private long promotedAt = -1;

    /**
     * What a domain leaves in the file of its training: all but what a trainer is opened with. A step changes all of it, so the number of steps
     * tells whether it is still so.
     *
     * @param average which is enough to score with the candidate
     * @param others the trainer's weights and state
     */
    private record Rested(long steps, Awake.Place average, Awake.Place others) {}

    private record Fingerprint(long steps, long value) {}

    ActiveVersion(BaseModel models) {
        this.models = models;
        this.weights = resting(WeightDelta.EMPTY);
    }

    private RestingValue<WeightDelta> resting(WeightDelta value) {
        return new RestingValue<>(models.awake(), value, WeightDelta::toBytes, WeightDelta::parse);
    }

    WeightDelta weights() {
        used();
        return weights.get();
    }

    ModelSession session() {
        if (ofSource) {
            return models.source();
        }
        used();
        ModelSession open = session;
        if (open == null) {
            open = models.session(weights.get());
            session = open;
        }
        return open;
    }

    Trainer trainer() {
        used();
        Trainer open = trainer;
        if (open == null) {
            open = models.trainer(alignedStart().orElseGet(weights::get));
            try {
                resume(open);
            } catch (RuntimeException e) {
                open.close();
                throw e;
            }
            trainer = open;
        }
        return open;
    }

    private void resume(Trainer opened) {
        Rested from = rested;
        if (from == null) {
            return;
        }
        Checkpoint state = checkpoint(from.others()).toBuilder()
                .setAverage(UnsafeByteOperations.unsafeWrap(models.awake().read(from.average())))
                .setOptimizerSteps(from.steps())
                .build();
        TrainerState.restore(opened, state);
    }

    /** How many steps training has made. */
    long steps() {
        Trainer open = trainer;
        return open == null ? restingSteps : open.steps();
    }

    /** See {@link TrainerState#fingerprint}. */
    long fingerprint() {
        Fingerprint known = fingerprint;
        return known != null && known.steps() == steps() ? known.value() : fingerprint(trainer());
    }

    private long fingerprint(Trainer open) {
        long value = TrainerState.fingerprint(open);
        fingerprint = new Fingerprint(open.steps(), value);
        return value;
    }

    /** Continues training where {@code checkpoint} was written. */
    void restoreTraining(Checkpoint checkpoint) {
        Trainer open = trainer();
        forgetTraining();
        TrainerState.restore(open, checkpoint);
    }

    /** Scores with the trainer's average; with the active version where nothing was trained since. Stays open until training goes on. */
    ModelSession candidate() {
        used();
        ModelSession open = candidate;
        if (open == null) {
            open = isActive() ? session() : models.session(average());
            candidate = open;
        }
        return open;
    }

    /** True when the trainer's average has the active version's weights. */
    private boolean isActive() {
        return promotedAt == steps() || (steps() == 0 && alignedStart == null);
    }

    private WeightDelta average() {
        Rested known = rested;
        return trainer == null && known != null
                ? WeightDelta.parse(models.awake().read(known.average()))
                : trainer().average();
    }

    /** The trainer's average has changed. */
    void trained() {
        ModelSession old = candidate;
        candidate = null;
        close(old);
    }

    /** Starts training from {@code start}, which was aligned to images without labels, in place of the active version. */
    void align(WeightDelta start) {
        restartTraining();
        alignedStart = resting(start);
    }

    /** True while training started from aligned weights. */
    boolean isAligned() {
        return alignedStart != null;
    }

    Optional<WeightDelta> alignedStart() {
        used();
        return Optional.ofNullable(alignedStart).map(RestingValue::get);
    }

    /** Makes an existing version active, and starts training again from its weights. */
    void become(long number, WeightDelta existing) {
        used();
        serve(existing, number == VersionId.SOURCE ? null : models.session(existing), number == VersionId.SOURCE);
        restartTraining();
    }

    /** Makes the candidate active. The trainer that made it continues undisturbed. */
    void promote() {
        ModelSession opened = candidate();
        serve(average(), opened == models.source() ? null : opened, opened == models.source());
        promotedAt = steps();
    }

    private void serve(WeightDelta newWeights, @Nullable ModelSession opened, boolean source) {
        ModelSession old = session;
        session = opened;
        weights.set(newWeights);
        ofSource = source;
        close(old);
    }

    /** Drops what was trained since this version was made, and the optimiser's state. */
    void restartTraining() {
        used();
        trained();
        Optional.ofNullable(alignedStart).ifPresent(RestingValue::forget);
        alignedStart = null;
        promotedAt = -1;
        closeTrainer();
        forgetTraining();
    }

    /** What is known of training without the trainer is not so any more. */
    private void forgetTraining() {
        Rested old = rested;
        rested = null;
        restingSteps = 0;
        fingerprint = null;
        forget(old);
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
        weights.rest();
        Optional.ofNullable(alignedStart).ifPresent(RestingValue::rest);
        Optional.ofNullable(trainer).ifPresent(this::rest);
        release();
    }

    private void rest(Trainer open) {
        Rested old = rested;
        if (open.steps() > 0 && (old == null || old.steps() != open.steps())) {
            forget(old);
            rested = null;
            Checkpoint.Builder others = Checkpoint.newBuilder();
            TrainerState.save(open, others);
            Awake.Place average = models.awake().put(open.average().toBytes());
            try {
                byte[] bytes = others.clearAverage().build().toByteArray();
                rested = new Rested(open.steps(), average, models.awake().put(bytes));
            } catch (UncheckedIOException e) {
                models.awake().forget(average);
                throw e;
            }
        }
        Fingerprint known = fingerprint;
        if (known == null || known.steps() != open.steps()) {
            // After a snapshot nobody has asked for it yet, and the next round will.
            fingerprint(open);
        }
        restingSteps = open.steps();
    }

    private void forget(@Nullable Rested old) {
        if (old != null) {
            models.awake().forget(old.average());
            models.awake().forget(old.others());
        }
    }

    private void used() {
        models.awake().used(this);
    }

    private Checkpoint checkpoint(Awake.Place place) {
        try {
            return Checkpoint.parseFrom(models.awake().read(place));
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
        release();
        weights.forget();
        Optional.ofNullable(alignedStart).ifPresent(RestingValue::forget);
        forgetTraining();
        models.awake().left(this);
    }
}
