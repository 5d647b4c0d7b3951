package io.acclimate.adapt.domain;

import io.acclimate.adapt.answers.PrequentialAnswers;
import io.acclimate.adapt.drift.DriftDetector;
import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.RecordedSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.adapt.versions.Lineage;
import io.acclimate.adapt.versions.Provenance;
import io.acclimate.adapt.versions.Publishing;
import io.acclimate.adapt.versions.RemovedVersion;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.ListedVersion;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The training of one domain. It scores each mini-batch before it trains on it, maintains replay buffer and holdout, and has the gate
 * judge the average of the weights. It knows nothing of Kafka and answers with a {@link Round}; when a round cannot be committed, the
 * worker is closed, and another one is restored from the last checkpoint. The same rounds from the same checkpoint give the same bits.
 * One thread.
 */
public final class DomainWorker implements AutoCloseable {
    private final DomainId domain;
    private final BaseModel models;
    private final SampleDecoder decoder;
    private final Clock clock;
    private final Shelf shelf;
    private final Holdout holdout;
    private final Steps steps;
    private final Steps.Slices slices;
    private final ReplayBuffer replay;
    private final DriftDetector drift;
    private final Proving proving;
    private final Recovery recovery;
    private final Judge judge;
    private final Guard guard;
    private final FreshStart freshStart;
    private final Promotion promotion;
    private final Journal journal;
    private final Position position;
    private final Publishing publishing;
    private final ActiveVersion active;
    private final ServedVersion serving;
    private final Checkpoints checkpoints;
    private final Aligning aligning;
    private final Aligning.Rounds unlabelled;

    public DomainWorker(
            DomainId domain,
            AdaptSettings settings,
            BaseModel models,
            SourceSet sourceSet,
            SampleDecoder decoder,
            Clock clock) {
        this.domain = domain;
        this.models = models;
        this.decoder = decoder;
        this.clock = clock;
        long rowBytes = 4 * models.graph().card().input().row().elements();
        StepSettings limits = settings.steps();
        this.shelf = models.samples().shelf();
        this.drift = new DriftDetector(
                settings.evaluation().drift(), models.graph().card().classes());
        this.replay = new ReplayBuffer(
                (int) Math.max(1, Math.min(limits.replayCapacity(), limits.replayBytes() / Math.max(1, rowBytes))),
                shelf,
                drift);
        this.holdout = Holdout.of(settings.evaluation(), shelf);
        this.steps = new Steps(settings, sourceSet, replay, models.graph().card());
        sourceSet.keepAnswers(models, settings.train().terms(), limits.batchSize());
        PrequentialAnswers answers =
                new PrequentialAnswers(settings.evaluation().answers());
        this.judge = new Judge(models, sourceSet, holdout, settings.gate(), answers);
        this.journal = new Journal(settings.output().snapshotEvery());
        this.position = new Position(domain, settings);
        this.publishing = new Publishing(
                settings.pace(), settings.retention(), RecordedSettings.id(settings, models.base(), sourceSet.name()));
        this.active = new ActiveVersion(models);
        this.serving = new ServedVersion(domain, settings, models, position);
        this.proving = new Proving(
                settings.gate(),
                models.graph(),
                active,
                holdout,
                replay,
                answers,
                steps.rehearsal().listSigns());
        this.recovery = new Recovery(domain, settings, models.graph().card(), position, active, proving);
        this.slices = new Steps.Slices(steps, holdout, active, position, proving, recovery);
        this.aligning = new Aligning(settings.unlabelled(), decoder, sourceSet, active, position, shelf);
        this.checkpoints = new Checkpoints(
                models,
                decoder,
                position,
                publishing,
                active,
                holdout,
                replay,
                journal,
                proving,
                aligning,
                serving,
                drift,
                steps.rehearsal());
        Provenance.Maker provenance =
                new Provenance.Maker(settings, models.base(), sourceSet.name(), checkpoints::takenUpFrom);
        this.freshStart = new FreshStart(domain, position, active, serving, aligning, holdout, replay, proving, drift);
        this.guard = new Guard(models, position, active, proving, judge);
        this.promotion =
                new Promotion(domain, judge, holdout, active, proving, position, publishing, provenance, drift);
        this.unlabelled =
                new Aligning.Rounds(domain, aligning, active, serving, proving, position, publishing, provenance);
    }

    public DomainId domain() {
        return domain;
    }

    /** Writes and restores this worker's state. */
    public Checkpoints checkpoints() {
        return checkpoints;
    }

    /** Where this worker keeps the pixels of its samples. */
    Shelf shelf() {
        return shelf;
    }

    /** Repeats a round after a restart, without writing anything. Answers with the version that the round made, if any. */
    public Optional<Round.NewVersion> relearn(MiniBatch batch, long offset, Effort effort) {
        Round.Learnt learnt = train(batch, offset, effort);
        journal.learnt(offset, effort);
        return learnt.published();
    }

    /** The active version's class of each row: what is served. */
    public List<Integer> served(FloatTensor rows) {
        return BaseModel.predict(active.session(), rows).classes();
    }

    /** The active version's raw output for each row. */
    public FloatTensor servedOutput(FloatTensor rows) {
        return active.session().run(rows);
    }

    /** The source model's class of each row. */
    public List<Integer> frozen(FloatTensor rows) {
        return BaseModel.predict(models.source(), rows).classes();
    }

    public WeightDelta activeWeights() {
        return active.weights();
    }

    /** False for a mini-batch that was trained on before the checkpoint. */
    public boolean expects(MiniBatch batch) {
        return position.expects(batch);
    }

    public Lineage lineage() {
        return position.lineage();
    }

    /** The steps that a round of this effort makes for the mini-batch, on average. */
    public double expectedSteps(MiniBatch batch, Effort effort) {
        return position.isPaused() ? 0 : steps.expected(batch.samples().size(), effort);
    }

    /** Which version serves. */
    ServedVersion serving() {
        return serving;
    }

    /** The version that serves, when a restore has not found its weights yet. */
    public OptionalLong lacksWeightsOf() {
        return serving.lacksWeightsOf();
    }

    /** Hands over the weights of the version that {@link #lacksWeightsOf} names. */
    public void restoreServed(WeightDelta weights) {
        serving.restoreWeights(weights);
    }

    /** Learns with all the effort that the settings say. */
    public Round learn(MiniBatch batch, long offset) {
        return learn(batch, offset, Effort.FULL);
    }

    /**
     * Scores the mini-batch, trains on it and judges the result, unless it is left out.
     *
     * @param offset of the mini-batch's record
     */
    public Round learn(MiniBatch batch, long offset, Effort effort) {
        Round.Learnt learnt = train(batch, offset, effort);
        journal.learnt(offset, effort);
        journal.removed(learnt.removed());
        return new Round(
                learnt.events(),
                learnt.dropped(),
                learnt.published(),
                learnt.activation(),
                new Round.Changes(learnt.removed(), Optional.empty()),
                checkpoints.save(),
                learnt.times());
    }

    private Round.Learnt train(MiniBatch batch, long offset, Effort effort) {
        if (!batch.unlabelled().isEmpty()) {
            return unlabelled.take(batch, offset, clock.instant());
        }
        publishing.see(batch);
        if (effort.isLeftOut()) {
            position.leaveOut(batch);
            return Round.Learnt.leftOut(batch, clock.instant());
        }
        position.take(batch);
        List<AdaptationEvent> events = new ArrayList<>();
        SampleDecoder.Decoded decoded = decoder.decode(batch, offset);
        List<ReplaySample> usable = decoded.samples();
        Instant now = clock.instant();
        decoded.discarded(batch, now).ifPresent(events::add);
        Steps.Result learnt = Steps.Result.NONE;
        Optional<Promotion.Result> judgement = Optional.empty();
        if (!usable.isEmpty()) {
            boolean watched = proving.watches(batch, effort);
            List<Integer> labels = usable.stream().map(ReplaySample::classIndex).toList();
            BaseModel.Predicted predicted = active.session() == models.source()
                    ? decoded.source()
                    : BaseModel.predict(active.session(), usable);
            if (aligning.isUnjudged()) {
                aligning.judge(BaseModel.predict(active.candidate(), usable), decoded.source(), labels);
            }
            drift.see(
                            predicted.hits(labels),
                            labels,
                            decoded.source().classes(),
                            batch,
                            offset,
                            position.lineage().active(),
                            now)
                    .ifPresent(changed -> {
                        if (!drift.leavesTraining(changed)) {
                            proving.domainChanged();
                            steps.rehearsal().domainChanged();
                        }
                        events.add(changed);
                    });
            BaseModel.Predicted served = serving.predict(usable, decoded.source(), predicted);
            int trainedOf = steps.trainsOneOf(effort);
            Steps.Slices.Learnt taught =
                    slices.learn(usable, decoded.source(), predicted, effort, position.random(), batch, now);
            taught.restarted().ifPresent(events::add);
            learnt = taught.steps();
            if (watched) {
                proving.newSuspicion(batch, now).ifPresent(events::add);
            }
            position.trainedOn(learnt.trained());
            events.addAll(new Steps.Slices.Scores(labels, decoded.source(), predicted, served)
                    .told(
                            batch,
                            now,
                            models.graph().card().classes(),
                            serving,
                            position.lineage().active(),
                            taught,
                            effort));
            judgement = learnt.steps() > 0 && promotion.isDue() && proving.judges(batch, effort, trainedOf)
                    ? Optional.of(promotion.judge(now, batch, offset))
                    : Optional.empty();
            judgement.ifPresent(judged -> {
                events.add(judged.event());
                judged.calibrated().ifPresent(events::add);
                recovery.judged(judged.event().decision(), batch, now).ifPresent(events::add);
            });
        }
        Optional<Activation> promoted = judgement.flatMap(Promotion.Result::activation);
        Optional<ServedVersion.Change> change = promoted.isPresent()
                ? Optional.of(serving.changed(
                        promoted.get(), judgement.orElseThrow().event().activeVersion(), now))
                : serving.endShadow(now);
        change.map(ServedVersion.Change::event).ifPresent(events::add);
        proving.trainedAstray().ifPresent(why -> {
            recovery.wentAstray(why, batch, now).ifPresent(events::add);
            if (position.lineage().active() == VersionId.SOURCE) {
                events.add(freshStart.ofTraining(why, batch, now));
            }
        });
        List<RemovedVersion> removed =
                promoted.isPresent() ? publishing.removedWithANewOne(serving.kept()) : publishing.removed();
        return new Round.Learnt(
                events,
                decoded.dropped(),
                judgement.flatMap(Promotion.Result::version),
                change.flatMap(ServedVersion.Change::pointer),
                removed,
                learnt.times());
    }

    /** Says whether the active version may continue to serve. */
    Guard guard() {
        return guard;
    }

    /** The source model is active again, and nothing that was learnt or kept is used any more. */
    Round afresh(MiniBatch next, String why) {
        FreshStart.Result begun = freshStart.inPlaceOfTheActiveVersion(next, why, clock.instant());
        return commanded(begun.events(), begun.pointer());
    }

    /** Stops or resumes training. */
    Round pause(boolean pausing, AdaptationEvent.Controlled event) {
        position.pause(pausing);
        return commanded(List.of(event), Optional.empty());
    }

    /** The pace of this domain's versions, and which of them are kept. */
    public Publishing publishing() {
        return publishing;
    }

    /** Compares what is kept with the versions of this domain that the topic has, after a restore. */
    public void reconcile(List<ListedVersion> onTopic) {
        if (publishing.reconcile(onTopic, position.lineage().lastVersion(), serving.kept())) {
            // Rounds that are repeated from an older snapshot would not know the versions that were taken over.
            journal.demand();
        }
    }

    /** Keeps a version for as long as it is pinned; one that is unpinned may be removed at once. */
    Round pin(ModelVersion rewritten, boolean pinned, AdaptationEvent.Controlled event) {
        List<RemovedVersion> removed = publishing.pin(rewritten.id().number(), pinned, serving.kept());
        boolean stays = removed.stream()
                .noneMatch(each -> each.number() == rewritten.id().number());
        journal.unchanged();
        journal.demand();
        return Round.answered(
                event, new Round.Changes(removed, Optional.of(rewritten).filter(version -> stays)), checkpoints.save());
    }

    /** Publishes the record of a version again, which changes nothing of training. */
    Round rewrite(ModelVersion rewritten, AdaptationEvent.Controlled event) {
        journal.unchanged();
        return Round.answered(event, new Round.Changes(List.of(), Optional.of(rewritten)), checkpoints.save());
    }

    /** Answers a command that is refused and changes nothing. */
    Round refuse(AdaptationEvent.Controlled event) {
        journal.unchanged();
        return Round.answered(event, Round.Changes.NONE, checkpoints.save());
    }

    /** Makes an existing version active, and starts training again from it. */
    Round activate(
            long number, WeightDelta weights, Activation.Cause cause, AdaptationEvent.Controlled event, Instant now) {
        long before = position.lineage().active();
        aligning.refuse();
        publishing.activated(number, weights);
        active.become(number, weights);
        judge.chosen(active.session(), number);
        drift.otherVersion();
        if (cause == Activation.Cause.ACTIVATE) {
            proving.chosen();
        } else {
            proving.wentBack();
        }
        Activation activation = position.activate(number, cause, event.message(), now);
        ServedVersion.Change change = serving.changed(activation, before, now);
        return commanded(List.of(event, change.event()), change.pointer());
    }

    /** In shadow mode, lets an existing version serve, and leaves training as it is. */
    Round serve(
            long number, WeightDelta weights, Activation.Cause cause, AdaptationEvent.Controlled event, Instant now) {
        publishing.activated(number, weights);
        ServedVersion.Change change = serving.serve(number, weights, cause, event.message(), now);
        return commanded(List.of(event, change.event()), change.pointer());
    }

    /** A command is followed by a snapshot, so that a restart need not repeat commands. */
    private Round commanded(List<AdaptationEvent> events, Optional<Activation> activation) {
        journal.unchanged();
        journal.demand();
        return new Round(events, List.of(), Optional.empty(), activation, checkpoints.save(), List.of());
    }

    @Override
    public void close() {
        serving.close();
        active.close();
        shelf.close();
    }
}
