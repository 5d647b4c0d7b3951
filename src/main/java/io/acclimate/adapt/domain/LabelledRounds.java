package io.acclimate.adapt.domain;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.versions.RemovedVersion;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ClassNames;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.VersionId;
import io.acclimate.train.Trainer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rounds of labelled samples: each is scored before anything is trained on it, then some of the samples are held out and the others trained on, and
 * then the average of the weights is judged. The order matters: prequential accuracy, the detector of drift and the proof take answers of weights that
 * have not seen the samples. One thread.
 */
final class LabelledRounds {
    private static final Logger LOG = LoggerFactory.getLogger(LabelledRounds.class);

    private final DomainState state;
    private final BaseModel models;
    private final SampleDecoder decoder;
    private final Clock clock;
    private final Steps steps;
    private final Recovery recovery;
    private final Promotion promotion;

    LabelledRounds(
            DomainState state,
            BaseModel models,
            SampleDecoder decoder,
            Clock clock,
            Steps steps,
            Recovery recovery,
            Promotion promotion) {
        this.state = state;
        this.models = models;
        this.decoder = decoder;
        this.clock = clock;
        this.steps = steps;
        this.recovery = recovery;
        this.promotion = promotion;
    }

    /** Which round it is. */
    private record Lesson(MiniBatch batch, long offset, Effort effort, Instant now) {}

    /** @param offset of the mini-batch's record */
    Round.Learnt take(MiniBatch batch, long offset, Effort effort) {
        state.publishing.see(batch);
        if (effort.isLeftOut()) {
            state.position.leaveOut(batch);
            return Round.Learnt.leftOut(batch, clock.instant());
        }
        state.position.take(batch);
        SampleDecoder.Decoded decoded = decoder.decode(batch, offset);
        Lesson lesson = new Lesson(batch, offset, effort, clock.instant());
        List<AdaptationEvent> events = new ArrayList<>();
        decoded.discarded(batch, lesson.now()).ifPresent(events::add);
        Steps.Result learnt = Steps.Result.NONE;
        Optional<Promotion.Result> judgement = Optional.empty();
        if (!decoded.samples().isEmpty()) {
            boolean watched = state.proving.watches(batch, effort);
            Scores scores = score(lesson, decoded, events);
            int trainedOf = steps.trainsOneOf(effort);
            learnt = teach(lesson, decoded.samples(), scores, watched, events);
            judgement = learnt.steps() > 0 && promotion.isDue() && state.proving.judges(batch, effort, trainedOf)
                    ? Optional.of(judge(lesson, events))
                    : Optional.empty();
        }
        Optional<ServedVersion.Change> change = serve(lesson, judgement);
        change.map(ServedVersion.Change::event).ifPresent(events::add);
        state.proving.trainedAstray().ifPresent(why -> giveUp(lesson, why, events));
        List<RemovedVersion> removed =
                judgement.flatMap(Promotion.Result::activation).isPresent()
                        ? state.publishing.removedWithANewOne(state.serving.kept())
                        : state.publishing.removed();
        return new Round.Learnt(
                events,
                decoded.dropped(),
                judgement.flatMap(Promotion.Result::version),
                change.flatMap(ServedVersion.Change::pointer),
                removed,
                learnt.times());
    }

    /** What the models answered to the samples of a mini-batch, of the classes {@code labels}, before any of them was trained on. */
    private record Scores(
            List<Integer> labels, BaseModel.Predicted source, BaseModel.Predicted active, BaseModel.Predicted served) {
        private int correct(BaseModel.Predicted answers) {
            return BaseModel.count(answers.hits(labels));
        }
    }

    /** What was aligned to images without labels is judged by the first labels, and a change of the domain is told by all. */
    private Scores score(Lesson lesson, SampleDecoder.Decoded decoded, List<AdaptationEvent> events) {
        List<ReplaySample> samples = decoded.samples();
        List<Integer> labels = samples.stream().map(ReplaySample::classIndex).toList();
        BaseModel.Predicted active = state.active.session() == models.source()
                ? decoded.source()
                : BaseModel.predict(state.active.session(), samples);
        if (state.aligning.isUnjudged()) {
            state.aligning.judge(BaseModel.predict(state.active.candidate(), samples), decoded.source(), labels);
        }
        state.drift
                .see(
                        active.hits(labels),
                        labels,
                        decoded.source().classes(),
                        state.holdout.firsts(samples),
                        lesson.batch(),
                        lesson.offset(),
                        state.position.lineage().active(),
                        lesson.now())
                .ifPresent(changed -> {
                    if (!state.drift.leavesTraining(changed)) {
                        state.proving.domainChanged();
                        state.rehearsal.domainChanged();
                    }
                    events.add(changed);
                });
        return new Scores(labels, decoded.source(), active, state.serving.predict(samples, decoded.source(), active));
    }

    /**
     * While the domain has few samples, they are taught slice by slice: a slice is scored for the proof by weights that were trained on the slices
     * before it, then some of it is held out, and steps are made on the rest.
     *
     * @param watched whether the scores are evidence for the proof
     */
    private Steps.Result teach(
            Lesson lesson, List<ReplaySample> samples, Scores scores, boolean watched, List<AdaptationEvent> events) {
        Steps.Result learnt = Steps.Result.NONE;
        int slice = steps.slice(samples.size(), lesson.effort());
        int taught = 0;
        for (int from = 0; from < samples.size(); from += slice) {
            int to = Math.min(samples.size(), from + slice);
            List<ReplaySample> some = samples.subList(from, to);
            BaseModel.Predicted source = scores.source().part(from, to);
            BaseModel.Predicted active = scores.active().part(from, to);
            if (watched) {
                state.proving.see(some, source, active);
            }
            Holdout.Others fresh = state.holdout.without(
                    some, source, active, state.position.lineage().active());
            if (from == 0 && !state.position.isPaused()) {
                boolean asked = lesson.effort().watches(lesson.batch().sequence());
                recovery.beforeTraining(asked ? fresh : Holdout.Others.NONE, lesson.batch(), lesson.now())
                        .ifPresent(events::add);
            }
            learnt = learnt.and(step(fresh, lesson.effort()));
            taught += fresh.samples().size();
        }
        state.rehearsal
                .newChange()
                .ifPresent(change -> LOG.info(
                        "domain {}: its pictures look like those of the source, {}",
                        lesson.batch().domain(),
                        change));
        state.holdout
                .seen()
                .newlyMost()
                .ifPresent(most -> LOG.warn(
                        "domain {}: {} of {} labels in a row are of pictures that had a label before, under whatever id. They are trained on,"
                                + " and nothing is proven by them: versions need labels of other pictures",
                        lesson.batch().domain(),
                        most.repeats(),
                        most.labels()));
        if (watched) {
            state.proving.newSuspicion(lesson.batch(), lesson.now()).ifPresent(events::add);
        }
        state.position.trainedOn(learnt.trained());
        events.add(trained(lesson, scores, learnt, samples.size() - taught));
        ClassNames classes = models.graph().card().classes();
        events.add(AdaptationEvent.Answered.of(
                lesson.batch(),
                lesson.now(),
                state.serving.number(),
                classes,
                scores.labels(),
                scores.served().classes(),
                scores.source().classes()));
        return learnt;
    }

    private Steps.Result step(Holdout.Others fresh, Effort effort) {
        if (state.position.isPaused()) {
            return steps.remember(fresh.samples(), state.position.random());
        }
        Steps.Result learnt =
                steps.learn(fresh.samples(), fresh.firsts(), this::trainer, state.position.random(), effort);
        if (learnt.steps() > 0) {
            state.active.trained();
        }
        return learnt;
    }

    /** Opened for a round that makes steps, and told how to make them. */
    private Trainer trainer() {
        Trainer open = recovery.trainer();
        open.randomLabels(state.proving.randomLabels());
        return open;
    }

    private AdaptationEvent trained(Lesson lesson, Scores scores, Steps.Result learnt, int heldOut) {
        Optional<AdaptationEvent.Trained.Shadow> shadow = state.serving.isShadow()
                ? Optional.of(new AdaptationEvent.Trained.Shadow(
                        state.position.lineage().active(), scores.correct(scores.active())))
                : Optional.empty();
        return new AdaptationEvent.Trained(
                lesson.batch().domain(),
                lesson.now(),
                lesson.batch().sequence(),
                scores.labels().size(),
                heldOut,
                state.serving.number(),
                scores.correct(scores.served()),
                scores.correct(scores.source()),
                learnt.steps(),
                learnt.skipped(),
                learnt.losses(),
                lesson.effort().halvings(),
                shadow);
    }

    private Promotion.Result judge(Lesson lesson, List<AdaptationEvent> events) {
        Promotion.Result judged = promotion.judge(lesson.now(), lesson.batch(), lesson.offset());
        events.add(judged.event());
        judged.calibrated().ifPresent(events::add);
        recovery.judged(judged.event().decision(), lesson.batch(), lesson.now()).ifPresent(events::add);
        return judged;
    }

    /** A promoted version serves. Any other round ends shadow mode that was switched off. */
    private Optional<ServedVersion.Change> serve(Lesson lesson, Optional<Promotion.Result> judgement) {
        Optional<Activation> promoted = judgement.flatMap(Promotion.Result::activation);
        return promoted.isPresent()
                ? Optional.of(state.serving.changed(
                        promoted.get(), judgement.orElseThrow().event().activeVersion(), lesson.now()))
                : state.serving.endShadow(lesson.now());
    }

    /** Training is worse than the source model. Where that is active, nothing that was learnt or kept is worth keeping. */
    private void giveUp(Lesson lesson, String why, List<AdaptationEvent> events) {
        recovery.wentAstray(why, lesson.batch(), lesson.now()).ifPresent(events::add);
        if (state.position.lineage().active() == VersionId.SOURCE) {
            state.forget();
            LOG.warn("domain {} begins afresh from the source model, which is active: {}", state.domain, why);
            events.add(new AdaptationEvent.Reset(
                    state.domain, lesson.now(), lesson.batch().sequence(), VersionId.SOURCE, why));
        }
    }
}
