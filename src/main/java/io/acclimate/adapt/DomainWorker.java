package io.acclimate.adapt;

import com.google.protobuf.ByteString;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.GateDecision;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.VersionId;
import io.acclimate.gate.Evidence;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.infer.WarmUp;
import io.acclimate.onnx.InvalidModelException;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.Trainer;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import io.acclimate.wire.v1.SampleRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One domain's training: scores each mini-batch before it learns from it, keeps replay buffer and holdout, and has the gate judge
 * the weight average. Knows nothing of Kafka: it answers with a {@link Round}, and when that is not committed the worker is thrown
 * away and restored from the last checkpoint. The same rounds from the same checkpoint give the same bits. One thread.
 */
final class DomainWorker implements AutoCloseable {
    private static final int GUARD_EVERY = 16;

    private final DomainId domain;
    private final AdaptSettings settings;
    private final Models models;
    private final SampleDecoder decoder;
    private final Clock clock;
    private final Holdout holdout;
    private final ReplayBuffer replay;
    private final Steps steps;
    private final Judge judge;
    private final Journal journal;
    private Lineage lineage;
    private Random random;
    private WeightDelta activeWeights = WeightDelta.EMPTY;
    private ModelSession active;
    private Trainer trainer;
    private long nextMiniBatch;
    private long samplesSeen;
    private int rejectedInRow;
    private boolean paused;
    private Instant lastLabelTime = Instant.EPOCH;

    DomainWorker(
            DomainId domain,
            AdaptSettings settings,
            Models models,
            Retention retention,
            SampleDecoder decoder,
            Clock clock) {
        this.domain = domain;
        this.settings = settings;
        this.models = models;
        this.decoder = decoder;
        this.clock = clock;
        long rowBytes = 4 * models.graph().card().input().row().elements();
        this.replay = new ReplayBuffer(
                (int) Math.max(1, Math.min(settings.replayCapacity(), settings.replayBytes() / Math.max(1, rowBytes))));
        this.holdout = new Holdout(settings.holdoutCapacity());
        this.steps = new Steps(settings, retention, replay);
        this.judge = new Judge(models, retention, holdout, settings.gate());
        this.journal = new Journal(settings.snapshotEvery());
        this.lineage = new Lineage(domain);
        this.random = Random.of(settings.seed(), domain);
        this.active = models.source();
        this.trainer = models.trainer(WeightDelta.EMPTY);
    }

    /** Takes up where {@code checkpoint} was written. {@code held} and {@code replayed} are its samples, in its order. */
    void restore(
            Checkpoint checkpoint,
            long generation,
            WeightDelta weightsOfActive,
            List<Sample> held,
            List<Sample> replayed) {
        holdout.restore(held, checkpoint.getHoldoutBestList());
        replay.restore(replayed, checkpoint.getReplaySeenMap());
        resume(checkpoint, weightsOfActive);
        journal.restore(generation, generation, List.of());
        TrainerState.restore(trainer, checkpoint);
    }

    private void resume(Checkpoint checkpoint, WeightDelta weightsOfActive) {
        lineage = Lineage.restore(domain, checkpoint);
        random = new Random(checkpoint.getRandom().asReadOnlyByteBuffer().getLong());
        nextMiniBatch = checkpoint.getNextMiniBatch();
        samplesSeen = checkpoint.getSamplesSeen();
        paused = checkpoint.getPaused();
        rejectedInRow = checkpoint.getRejectedInRow();
        serve(
                weightsOfActive,
                lineage.active() == VersionId.SOURCE ? models.source() : models.session(weightsOfActive));
        startFrom(weightsOfActive);
    }

    /** Repeats a round of which nothing is to be written. Answers with the version that it led to. */
    Optional<Round.NewVersion> relearn(MiniBatch batch, long offset) {
        Learnt learnt = train(batch, offset);
        journal.learnt(offset);
        return learnt.published();
    }

    /** True when the repeated rounds led to the very state that {@code progress} was written in. */
    boolean arrivedAt(Progress progress) {
        Checkpoint reached = position().build();
        return reached.equals(progress.getReached()) && TrainerState.fingerprint(trainer) == progress.getFingerprint();
    }

    /** Ends the repetition: the next round is the one after {@code generation}. */
    void arrive(Progress progress, long generation) {
        journal.restore(progress.getSnapshot(), generation, progress.getMiniBatchesList());
    }

    /** Takes the state that was reached for what it was, and trains on from its active version. */
    void adopt(Checkpoint reached, long generation, WeightDelta weightsOfActive) {
        resume(reached, weightsOfActive);
        journal.restore(generation, generation, List.of());
        journal.demand();
    }

    WeightDelta activeWeights() {
        return activeWeights;
    }

    /** False for a mini-batch that the checkpoint has already learnt from. */
    boolean expects(MiniBatch batch) {
        return batch.sequence() >= nextMiniBatch;
    }

    /** True when {@code checkpoint} was written by a worker with another base model: weights and class indexes are of no use. */
    boolean isOfAnotherLabelSet(Checkpoint checkpoint) {
        return !checkpoint.getBaseDigest().isEmpty()
                && !checkpoint.getBaseDigest().equals(models.base().hex());
    }

    /**
     * Goes on from {@code reached} in this worker's label set; what was seen of a class counts as what was kept of it, and the active
     * version as the best so far.
     */
    void changeLabelSet(
            Checkpoint reached,
            long generation,
            WeightDelta weightsOfActive,
            List<Sample> held,
            List<Sample> replayed) {
        adopt(reached, generation, weightsOfActive);
        holdout.restore(held, List.of());
        if (!held.isEmpty()) {
            holdout.setBest(Models.predict(active, holdout.rows())
                    .hits(held.stream().map(Sample::classIndex).toList()));
        }
        replay.restore(
                replayed, replayed.stream().collect(Collectors.groupingBy(Sample::classIndex, Collectors.counting())));
    }

    Lineage lineage() {
        return lineage;
    }

    /** Scores, learns and judges. {@code offset} is the record's. */
    Round learn(MiniBatch batch, long offset) {
        Learnt learnt = train(batch, offset);
        journal.learnt(offset);
        return new Round(
                learnt.events(), learnt.dropped(), learnt.published(), learnt.activation(), save(), learnt.times());
    }

    private record Learnt(
            List<AdaptationEvent> events,
            List<Round.Dropped> dropped,
            Optional<Round.NewVersion> published,
            Optional<Activation> activation,
            List<Duration> times) {}

    private Learnt train(MiniBatch batch, long offset) {
        List<Round.Dropped> dropped = new ArrayList<>();
        List<AdaptationEvent> events = new ArrayList<>();
        List<Sample> usable = decoder.usable(batch, offset, dropped);
        batch.samples().stream()
                .map(LabelledSample::labelTime)
                .max(Instant::compareTo)
                .ifPresent(t -> lastLabelTime = t);
        nextMiniBatch = batch.sequence() + 1;
        Instant now = clock.instant();
        if (!dropped.isEmpty()) {
            events.add(new AdaptationEvent.Discarded(
                    domain,
                    now,
                    batch.sequence(),
                    dropped.stream().map(d -> d.refusal().message()).toList()));
        }
        Steps.Result learnt = Steps.Result.NONE;
        Optional<Judgement> judgement = Optional.empty();
        if (!usable.isEmpty()) {
            List<Integer> labels = usable.stream().map(Sample::classIndex).toList();
            FloatTensor rows = SampleDecoder.rows(usable);
            int sourceCorrect =
                    Models.count(Models.predict(models.source(), rows).hits(labels));
            boolean[] activeHits = Models.predict(active, rows).hits(labels);
            int activeCorrect = Models.count(activeHits);
            List<Sample> fresh = new ArrayList<>();
            for (int i = 0; i < activeHits.length; i++) {
                if (!holdout.takes(usable.get(i), activeHits[i])) {
                    fresh.add(usable.get(i));
                }
            }
            learnt = paused ? steps.remember(fresh, random) : steps.learn(fresh, trainer, random);
            samplesSeen += learnt.trained();
            events.add(new AdaptationEvent.Trained(
                    domain,
                    now,
                    batch.sequence(),
                    usable.size(),
                    usable.size() - fresh.size(),
                    lineage.active(),
                    activeCorrect,
                    sourceCorrect,
                    learnt.steps(),
                    learnt.skipped(),
                    learnt.losses()));
            judgement = learnt.steps() == 0 ? Optional.empty() : Optional.of(judge(now, batch, offset));
            judgement.ifPresent(judged -> events.add(judged.event()));
        }
        Optional<Activation> activation = judgement.flatMap(Judgement::activation);
        if (activation.isPresent()) {
            long previous = judgement.orElseThrow().event().activeVersion();
            events.add(new AdaptationEvent.Activated(domain, now, activation.get(), previous));
        }
        return new Learnt(events, dropped, judgement.flatMap(Judgement::version), activation, learnt.times());
    }

    private record Judgement(
            AdaptationEvent.Judged event, Optional<Round.NewVersion> version, Optional<Activation> activation) {}

    private Judgement judge(Instant now, MiniBatch batch, long offset) {
        WeightDelta weights = trainer.average();
        long before = lineage.active();
        VersionId id = lineage.candidate();
        ModelSession candidate = models.session(weights);
        boolean promoted = false;
        try {
            Judge.Verdict verdict = judge.judge(candidate, active);
            Evidence evidence = verdict.evidence();
            GateDecision decision = verdict.decision();
            AdaptationEvent.Judged event = new AdaptationEvent.Judged(
                    domain,
                    now,
                    id.number(),
                    before,
                    decision,
                    evidence.active().candidateAccuracy(),
                    evidence.active().baselineAccuracy(),
                    evidence.source().baselineAccuracy(),
                    holdout.size());
            if (!(decision instanceof GateDecision.Promote)) {
                rejected(decision);
                return new Judgement(event, Optional.empty(), Optional.empty());
            }
            promoted = true;
            rejectedInRow = 0;
            serve(weights, candidate);
            Activation activation = lineage.activate(
                    id.number(), Activation.Cause.PROMOTE, "promoted by the gate", now, samplesSeen, lastLabelTime);
            return new Judgement(
                    event,
                    Optional.of(new Round.NewVersion(
                            id,
                            before,
                            weights,
                            Provenance.of(settings, judge.retention().name(), batch, offset, samplesSeen, event))),
                    Optional.of(activation));
        } finally {
            if (!promoted) {
                candidate.close();
            }
        }
    }

    private void rejected(GateDecision decision) {
        if (decision instanceof GateDecision.Reject && ++rejectedInRow >= settings.resetAfterRejects()) {
            rejectedInRow = 0;
            startFrom(activeWeights);
        }
    }

    /**
     * What speaks against the active version; empty when nothing does, or when it need not be asked now. A version that the gate let
     * through as the newest was judged on this holdout, so it is asked about now and then, and one that somebody chose each time.
     */
    Optional<String> faultOfActive(MiniBatch next) {
        return next.sequence() % GUARD_EVERY == 0 || lineage.active() != lineage.lastVersion()
                ? judge.fault(active)
                : Optional.empty();
    }

    /** What speaks against weights that could be made active. */
    Optional<String> fault(WeightDelta weights) {
        try (ModelSession session = models.session(weights)) {
            return judge.fault(session);
        }
    }

    /** Stops or resumes training. */
    Round pause(boolean pausing, AdaptationEvent.Controlled event) {
        paused = pausing;
        return commanded(List.of(event), Optional.empty());
    }

    /** A command that changes nothing. */
    Round refuse(AdaptationEvent.Controlled event) {
        journal.unchanged();
        return new Round(List.of(event), List.of(), Optional.empty(), Optional.empty(), save(), List.of());
    }

    /** Why a session with these weights could not serve; empty when it can. */
    Optional<String> unfit(WeightDelta weights) {
        try (ModelSession trial = ModelSession.open(models.graph(), weights, SessionSettings.defaults())) {
            WarmUp.run(trial, trial.card(), 1);
            return Optional.empty();
        } catch (InvalidModelException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Makes an existing version active; training goes on from it. */
    Round activate(
            long number, WeightDelta weights, Activation.Cause cause, AdaptationEvent.Controlled event, Instant now) {
        long before = lineage.active();
        serve(weights, number == VersionId.SOURCE ? models.source() : models.session(weights));
        judge.chosen(active);
        startFrom(weights);
        rejectedInRow = 0;
        Activation activation = lineage.activate(number, cause, event.message(), now, samplesSeen, lastLabelTime);
        return commanded(
                List.of(event, new AdaptationEvent.Activated(domain, now, activation, before)),
                Optional.of(activation));
    }

    private void serve(WeightDelta weights, ModelSession session) {
        ModelSession old = active;
        active = session;
        activeWeights = weights;
        if (old != models.source() && old != session) {
            old.close();
        }
    }

    private void startFrom(WeightDelta weights) {
        trainer.close();
        trainer = models.trainer(weights);
    }

    /** What a command changes is in a snapshot, so that a restart need not know commands. */
    private Round commanded(List<AdaptationEvent> events, Optional<Activation> activation) {
        journal.unchanged();
        journal.demand();
        return new Round(events, List.of(), Optional.empty(), activation, save(), List.of());
    }

    private Round.Saved save() {
        return journal.isDue()
                ? journal.snapshot(whole())
                : journal.since(position().build(), TrainerState.fingerprint(trainer));
    }

    /** For a stop in order: the successor then has nothing to repeat. Empty when the last round wrote one. */
    Optional<Round.Saved> stop() {
        return journal.isBehind() ? Optional.of(journal.snapshot(whole())) : Optional.empty();
    }

    /** All but weights and samples. */
    private Checkpoint.Builder position() {
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder()
                .setDomain(domain.value())
                .setNextMiniBatch(nextMiniBatch)
                .setSamplesSeen(samplesSeen)
                .setPaused(paused)
                .setRejectedInRow(rejectedInRow)
                .setOptimizerSteps(trainer.steps())
                .setBaseDigest(models.base().hex())
                .setRandom(ByteString.copyFrom(java.nio.ByteBuffer.allocate(Long.BYTES)
                        .putLong(random.state())
                        .array()));
        lineage.save(checkpoint);
        return checkpoint;
    }

    private Checkpoint whole() {
        Checkpoint.Builder checkpoint = position().putAllReplaySeen(replay.seen());
        TrainerState.save(trainer, checkpoint);
        holdout.samples().forEach(sample -> checkpoint.addHoldout(ref(sample)));
        for (boolean hit : holdout.best()) {
            checkpoint.addHoldoutBest(hit);
        }
        replay.samples().forEach(sample -> checkpoint.addReplay(ref(sample)));
        return checkpoint.build();
    }

    private static SampleRef ref(Sample sample) {
        return SampleRef.newBuilder()
                .setOffset(sample.offset())
                .setIndex(sample.index())
                .build();
    }

    @Override
    public void close() {
        trainer.close();
        if (active != models.source()) {
            active.close();
        }
    }
}
