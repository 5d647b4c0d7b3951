package io.acclimate.adapt;

import com.google.protobuf.ByteString;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.GateDecision;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Outcome;
import io.acclimate.core.Refusal;
import io.acclimate.core.VersionId;
import io.acclimate.gate.Evidence;
import io.acclimate.gate.Gate;
import io.acclimate.gate.Paired;
import io.acclimate.image.ImageDecoder;
import io.acclimate.infer.ModelSession;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.Trainer;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.SampleRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One domain's training: scores each mini-batch before it learns from it, keeps replay buffer and holdout, and has the gate judge
 * the weight average. Knows nothing of Kafka: it answers with a {@link Round}, and when that is not committed the worker is thrown
 * away and restored from the last checkpoint. The same rounds from the same checkpoint give the same bits. One thread.
 */
final class DomainWorker implements AutoCloseable {
    private final DomainId domain;
    private final AdaptSettings settings;
    private final Models models;
    private final ImageDecoder decoder;
    private final Clock clock;
    private final Holdout holdout;
    private final ReplayBuffer replay;
    private final Steps steps;
    private Lineage lineage;
    private Random random;
    private WeightDelta activeWeights = WeightDelta.EMPTY;
    private ModelSession active;
    private Trainer trainer;
    private long nextMiniBatch;
    private long samplesSeen;
    private long generation;
    private int rejectedInRow;
    private boolean paused;
    private Instant lastLabelTime = Instant.EPOCH;

    DomainWorker(
            DomainId domain,
            AdaptSettings settings,
            Models models,
            Retention retention,
            ImageDecoder decoder,
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
        this.lineage = new Lineage(domain);
        this.random = Random.of(settings.seed(), domain);
        this.active = models.source();
        this.trainer = models.trainer(WeightDelta.EMPTY);
    }

    /** Takes up where {@code checkpoint} was written. {@code held} and {@code replayed} are its samples, in its order. */
    void restore(
            Checkpoint checkpoint,
            long restoredGeneration,
            WeightDelta weightsOfActive,
            List<Sample> held,
            List<Sample> replayed) {
        lineage = Lineage.restore(domain, checkpoint);
        random = new Random(checkpoint.getRandom().asReadOnlyByteBuffer().getLong());
        generation = restoredGeneration;
        nextMiniBatch = checkpoint.getNextMiniBatch();
        samplesSeen = checkpoint.getSamplesSeen();
        paused = checkpoint.getPaused();
        rejectedInRow = checkpoint.getRejectedInRow();
        holdout.restore(held);
        replay.restore(replayed, checkpoint.getReplaySeenMap());
        serve(
                weightsOfActive,
                lineage.active() == VersionId.SOURCE ? models.source() : models.session(weightsOfActive));
        startFrom(weightsOfActive);
        trainer.restore(
                WeightDelta.parse(checkpoint.getWeights().toByteArray()),
                WeightDelta.parse(checkpoint.getAverage().toByteArray()),
                WeightDelta.parse(checkpoint.getOptimizer().toByteArray()),
                checkpoint.getOptimizerSteps());
    }

    /** False for a mini-batch that the checkpoint has already learnt from. */
    boolean expects(MiniBatch batch) {
        return batch.sequence() >= nextMiniBatch;
    }

    Digest base() {
        return models.base();
    }

    Lineage lineage() {
        return lineage;
    }

    /** Scores, learns and judges. {@code offset} is the record's. */
    Round learn(MiniBatch batch, long offset) {
        List<Round.Dropped> dropped = new ArrayList<>();
        List<AdaptationEvent> events = new ArrayList<>();
        List<Sample> usable = new ArrayList<>();
        for (int i = 0; i < batch.samples().size(); i++) {
            Outcome<Sample> sample = decode(batch.samples().get(i), offset, i);
            if (sample instanceof Outcome.Ok<Sample> ok) {
                usable.add(ok.value());
            } else if (sample instanceof Outcome.Refused<Sample> refused) {
                dropped.add(new Round.Dropped(batch.samples().get(i), refused.refusal()));
            }
        }
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
            FloatTensor rows =
                    FloatTensor.stack(usable.stream().map(Sample::row).toList());
            int sourceCorrect =
                    Models.count(Models.predict(models.source(), rows).hits(labels));
            int activeCorrect = active == models.source()
                    ? sourceCorrect
                    : Models.count(Models.predict(active, rows).hits(labels));
            List<Sample> fresh =
                    usable.stream().filter(sample -> !holdout.takes(sample)).toList();
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
        return round(events, dropped, judgement.flatMap(Judgement::version), activation, learnt.times());
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
            Evidence evidence = evidence(candidate);
            GateDecision decision = Gate.decide(evidence, settings.gate());
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
                            id, before, weights, Provenance.of(settings, batch, offset, samplesSeen, event))),
                    Optional.of(activation));
        } finally {
            if (!promoted) {
                candidate.close();
            }
        }
    }

    private Evidence evidence(ModelSession candidate) {
        if (holdout.size() == 0) {
            return new Evidence(Paired.NONE, Paired.NONE, Optional.empty(), true, 0, 0);
        }
        List<Integer> labels =
                holdout.samples().stream().map(Sample::classIndex).toList();
        FloatTensor rows = holdout.rows();
        Models.Predicted predicted = Models.predict(candidate, rows);
        boolean[] hits = predicted.hits(labels);
        boolean[] sourceHits = Models.predict(models.source(), rows).hits(labels);
        boolean[] activeHits = active == models.source()
                ? sourceHits
                : Models.predict(active, rows).hits(labels);
        return new Evidence(
                Paired.of(hits, activeHits),
                Paired.of(hits, sourceHits),
                steps.retention().judge(candidate),
                predicted.finite(),
                (int) predicted.classes().stream().distinct().count(),
                holdout.labelledClasses());
    }

    private void rejected(GateDecision decision) {
        if (decision instanceof GateDecision.Reject && ++rejectedInRow >= settings.resetAfterRejects()) {
            rejectedInRow = 0;
            startFrom(activeWeights);
        }
    }

    /** Stops or resumes training. */
    Round pause(boolean pausing, AdaptationEvent.Controlled event) {
        paused = pausing;
        return round(List.of(event), List.of(), Optional.empty(), Optional.empty(), List.of());
    }

    /** A command that changes nothing. */
    Round refuse(AdaptationEvent.Controlled event) {
        return round(List.of(event), List.of(), Optional.empty(), Optional.empty(), List.of());
    }

    /** Makes an existing version active; training goes on from it. */
    Round activate(
            long number, WeightDelta weights, Activation.Cause cause, AdaptationEvent.Controlled event, Instant now) {
        long before = lineage.active();
        serve(weights, number == VersionId.SOURCE ? models.source() : models.session(weights));
        startFrom(weights);
        rejectedInRow = 0;
        Activation activation = lineage.activate(number, cause, event.message(), now, samplesSeen, lastLabelTime);
        return round(
                List.of(event, new AdaptationEvent.Activated(domain, now, activation, before)),
                List.of(),
                Optional.empty(),
                Optional.of(activation),
                List.of());
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

    private Outcome<Sample> decode(LabelledSample sample, long offset, int index) {
        if (sample.classIndex() >= models.classes()) {
            return Outcome.refused(
                    DeadLetterReason.UNKNOWN_CLASS,
                    "class " + sample.classIndex() + " of '" + sample.imageId() + "' is not below the model's "
                            + models.classes());
        }
        return decoder.toTensor(sample.image(), models.graph().card().input())
                .then(row -> Outcome.ok(new Sample(offset, index, sample.imageId(), sample.classIndex(), row)));
    }

    /** Decodes a sample again for a restore; one that was used once can be decoded always. */
    Sample decodeAgain(LabelledSample sample, long offset, int index) {
        Outcome<Sample> outcome = decode(sample, offset, index);
        if (outcome instanceof Outcome.Ok<Sample> ok) {
            return ok.value();
        }
        Refusal refusal = ((Outcome.Refused<Sample>) outcome).refusal();
        throw new IllegalStateException("a sample of the checkpoint is unusable: " + refusal.message());
    }

    private Round round(
            List<AdaptationEvent> events,
            List<Round.Dropped> dropped,
            Optional<Round.NewVersion> version,
            Optional<Activation> activation,
            List<Duration> times) {
        generation++;
        return new Round(events, dropped, version, activation, checkpoint(), generation, times);
    }

    private Checkpoint checkpoint() {
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder()
                .setDomain(domain.value())
                .setNextMiniBatch(nextMiniBatch)
                .setSamplesSeen(samplesSeen)
                .setPaused(paused)
                .setRejectedInRow(rejectedInRow)
                .setWeights(ByteString.copyFrom(trainer.weights().toBytes()))
                .setAverage(ByteString.copyFrom(trainer.average().toBytes()))
                .setOptimizer(ByteString.copyFrom(trainer.optimizerState().toBytes()))
                .setOptimizerSteps(trainer.steps())
                .setRandom(ByteString.copyFrom(java.nio.ByteBuffer.allocate(Long.BYTES)
                        .putLong(random.state())
                        .array()))
                .putAllReplaySeen(replay.seen());
        lineage.save(checkpoint);
        holdout.samples().forEach(sample -> checkpoint.addHoldout(ref(sample)));
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
