package io.acclimate.adapt.domain;

import com.google.protobuf.Timestamp;
import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.retire.Headstone;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.versions.RemovedVersion;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.ListedVersion;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import io.acclimate.wire.v1.Retirement;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.StartSample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the state of a domain's training into checkpoints, and restores it from one. The {@link Journal} decides when a checkpoint is a
 * whole snapshot. One thread.
 */
public final class Checkpoints {
    private final DomainState state;
    private final BaseModel models;
    private final SampleDecoder decoder;
    private OptionalLong takenUpFrom = OptionalLong.empty();
    /** True once a round tells in its events that the state was lost. */
    private boolean lossIsTold;

    Checkpoints(DomainState state, BaseModel models, SampleDecoder decoder) {
        this.state = state;
        this.models = models;
        this.decoder = decoder;
    }

    /**
     * Ends the domain: of what it has learnt and kept, nothing is in the checkpoint that is left. This worker is of no use then.
     *
     * @param versions of the domain that the topic has
     * @param before mini-batches of the domain before this offset are not learnt from
     */
    Round retire(List<ListedVersion> versions, long before, AdaptationEvent.Controlled answer) {
        state.journal.unchanged();
        long served = state.serving.number();
        Optional<Activation> pointer = state.position.retire(answer.message(), answer.at());
        List<AdaptationEvent> events = new ArrayList<>();
        pointer.filter(to -> served != VersionId.SOURCE)
                .ifPresent(to -> events.add(new AdaptationEvent.Activated(answer.domain(), answer.at(), to, served)));
        // It is the last that is told of the domain: who follows the events forgets it then.
        events.add(answer);
        Instant at = answer.at();
        Retirement retirement = Retirement.newBuilder()
                .setGeneration(state.journal.generation())
                .setBefore(before)
                .setAt(Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()))
                .build();
        long newest = versions.stream().mapToLong(ListedVersion::number).max().orElse(VersionId.SOURCE);
        List<RemovedVersion> removed = versions.stream()
                .map(each -> new RemovedVersion(each.number(), each.chunks()))
                .toList();
        return new Round(
                events,
                List.of(),
                Optional.empty(),
                pointer,
                new Round.Changes(removed, Optional.empty()),
                new Round.Saved.Snapshot(state.position.left(retirement, newest), state.journal.generation()),
                List.of());
    }

    /** Begins a domain anew that was retired; {@code left} is what is left of it. */
    public void begin(Checkpoint left) {
        state.position.begin(left);
        state.journal.restore(left, left.getRetirement().getGeneration());
    }

    /** When the domain was retired last, before it began anew. */
    public Optional<Retirement> retirement() {
        return state.position.retirement();
    }

    /**
     * Continues exactly where {@code checkpoint} was written.
     *
     * @param held its holdout samples, in its order
     * @param replayed its replayed samples, in its order
     * @param unlabelled its images without labels, in its order
     */
    public void restore(
            Checkpoint checkpoint,
            long generation,
            WeightDelta weightsOfActive,
            List<ReplaySample> held,
            List<ReplaySample> replayed,
            List<ReplaySample> unlabelled) {
        if (Headstone.is(checkpoint)) {
            begin(checkpoint);
            return;
        }
        state.holdout.restore(held, checkpoint, replayed);
        state.replay.restore(replayed, checkpoint.getReplaySeenMap());
        resume(checkpoint, weightsOfActive);
        state.journal.restore(checkpoint, generation);
        state.aligning.restore(checkpoint, unlabelled);
        state.active.restoreTraining(checkpoint);
        if (checkpoint.hasStateLostAt()) {
            takenUpFrom(checkpoint.getStateLostAt());
        }
    }

    private void resume(Checkpoint checkpoint, WeightDelta weightsOfActive) {
        state.position.restore(checkpoint);
        state.publishing.restore(checkpoint);
        state.active.become(state.position.lineage().active(), weightsOfActive);
        state.proving.restore(checkpoint);
        state.serving.restore(checkpoint);
        state.drift.restore(checkpoint);
        state.rehearsal.restoreChangeCounts(checkpoint.getStandInCountsList());
    }

    /** True when the repeated rounds led to exactly the state in which {@code progress} was written, as far as the build that wrote it tells. */
    public boolean arrivedAt(Progress progress) {
        Checkpoint.Builder own = reached();
        if (!progress.getReached().hasLastLabelTime()) {
            own.clearLastLabelTime();
        }
        return own.build().equals(progress.getReached()) && state.active.fingerprint() == progress.getFingerprint();
    }

    /** The effort of the round on the mini-batch of this index in {@code progress}. */
    public static Effort effort(Progress progress, int index) {
        return Journal.effort(progress, index);
    }

    /** Ends the repetition of rounds: the next round has the number after {@code generation}. */
    public void arrive(Progress progress, long generation) {
        state.journal.restore(progress, generation);
    }

    /**
     * For rounds that cannot be repeated: keeps the counts that were reached, and starts training again from the active version. The rounds
     * that were repeated in vain may have promoted another version of the same number, so what is known of the holdout's answers is asked anew.
     */
    public void adopt(Checkpoint reached, long generation, WeightDelta weightsOfActive) {
        resume(reached, weightsOfActive);
        compareWithActive();
        state.proving.trainingLost();
        state.aligning.adopt(reached);
        state.journal.restore(generation, generation);
        state.journal.demand();
    }

    /** Records that the training state from the mini-batch at {@code offset} on was lost, and that only the versions survived. */
    public void takenUpFrom(long offset) {
        takenUpFrom = OptionalLong.of(offset);
        lossIsTold = false;
    }

    public OptionalLong takenUpFrom() {
        return takenUpFrom;
    }

    /** True when a worker with another base model wrote {@code checkpoint}: its weights and class indexes are of no use then. */
    public boolean isOfAnotherLabelSet(Checkpoint checkpoint) {
        return !checkpoint.getBaseDigest().isEmpty()
                && !checkpoint.getBaseDigest().equals(models.base().hex());
    }

    /**
     * Continues from {@code reached} in this worker's label set. The samples that were kept of a class count as all that were seen of it,
     * and the active version counts as the best so far.
     */
    public void changeLabelSet(
            Checkpoint reached,
            long generation,
            WeightDelta weightsOfActive,
            List<ReplaySample> held,
            List<ReplaySample> replayed) {
        adopt(reached, generation, weightsOfActive);
        state.proving.relabelled();
        state.drift.relabelled();
        // They are of labels by the list that is given up.
        state.rehearsal.restoreChangeCounts(List.of());
        state.holdout.restore(held, List.of());
        state.holdout.restoreSeen(reached, replayed);
        compareWithActive();
        state.replay.restore(
                replayed,
                replayed.stream().collect(Collectors.groupingBy(ReplaySample::classIndex, Collectors.counting())));
    }

    /** The active version counts as the best so far, and what others answered is not used any more. */
    private void compareWithActive() {
        state.holdout.forgetAnswers();
        List<ReplaySample> held = state.holdout.samples();
        if (!held.isEmpty()) {
            state.holdout.setBest(BaseModel.predict(state.active.session(), held)
                    .hits(held.stream().map(ReplaySample::classIndex).toList()));
        }
    }

    /** The number of rounds that the domain has had. */
    public long generation() {
        return state.journal.generation();
    }

    /** The checkpoint after a round: a snapshot when one is due, else the mini-batches since the last. */
    Round.Saved save() {
        lossIsTold = true;
        return state.journal.isDue()
                ? state.journal.snapshot(whole())
                : state.journal.since(reached().build(), state.active.fingerprint());
    }

    /** The snapshot of an orderly stop, so that the successor repeats nothing. Empty when the last round wrote one. */
    public Optional<Round.Saved> stop() {
        return state.journal.isBehind() ? Optional.of(state.journal.snapshot(whole())) : Optional.empty();
    }

    /**
     * The snapshot that a start needs beside it, after which the mini-batches before it may be deleted. In contrast to an orderly stop,
     * this is also due when training continues from the active version, since what the last snapshot says cannot be repeated then. As no
     * round has told of that loss yet, the snapshot says it. Empty when the last snapshot is the present state.
     */
    public Optional<Round.Saved.Snapshot> settle() {
        if (!state.journal.isBehind() && !state.journal.isDue()) {
            return Optional.empty();
        }
        Checkpoint whole = whole();
        return Optional.of(state.journal.snapshot(
                takenUpFrom.isPresent() && !lossIsTold
                        ? whole.toBuilder()
                                .setStateLostAt(takenUpFrom.getAsLong())
                                .build()
                        : whole));
    }

    private Checkpoint.Builder reached() {
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder()
                .setOptimizerSteps(state.active.steps())
                .setBaseDigest(models.base().hex());
        state.position.save(checkpoint);
        state.publishing.save(checkpoint);
        state.proving.save(checkpoint);
        state.serving.save(checkpoint);
        state.drift.save(checkpoint);
        checkpoint.addAllStandInCounts(state.rehearsal.changeCounts());
        state.aligning.save(checkpoint);
        return checkpoint;
    }

    /** The whole state, with which a successor continues. */
    public Checkpoint whole() {
        Checkpoint.Builder checkpoint = reached().putAllReplaySeen(state.replay.seen());
        if (state.active.steps() > 0) {
            TrainerState.save(state.active.trainer(), checkpoint);
        }
        refer(checkpoint);
        state.holdout.save(checkpoint);
        return checkpoint.build();
    }

    private void refer(Checkpoint.Builder checkpoint) {
        state.holdout.samples().forEach(sample -> checkpoint.addHoldout(ref(sample)));
        state.replay.samples().forEach(sample -> checkpoint.addReplay(ref(sample)));
        state.aligning.saveWhole(checkpoint);
    }

    /** Gives all samples that {@link #whole} refers to one by one, as a start has them. */
    public void samples(Consumer<StartSample> each) {
        Map<SampleRef, ReplaySample> all = new LinkedHashMap<>();
        Stream.of(state.holdout.samples(), state.replay.samples(), state.aligning.samples())
                .flatMap(List::stream)
                .forEach(sample -> all.putIfAbsent(ref(sample), sample));
        all.values().forEach(sample -> each.accept(decoder.kept(sample)));
    }

    private static SampleRef ref(ReplaySample sample) {
        return SampleRef.newBuilder()
                .setOffset(sample.offset())
                .setIndex(sample.index())
                .build();
    }
}
