package io.acclimate.adapt.domain;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.random.RandomErasing;
import io.acclimate.adapt.random.RandomShifts;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.translation.PictureSample;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.MiniBatch;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.StepReport;
import io.acclimate.train.Trainer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training steps of one round. The first step is on the new samples, filled up to a batch from the replay buffer, so that a small
 * mini-batch does not make a step on a few samples alone. Steps on replayed batches follow, fewer of them after a small mini-batch. When
 * there is a source set, each step also takes half a batch from it, and else from its {@link StandIns}. Target rows get {@link
 * RandomShifts} and {@link RandomErasing}. Light steps have a quarter of a batch from the source set, none of what is changed at random, and leave the
 * first layer as it is. One thread.
 */
final class Steps {
    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    private final AdaptSettings settings;
    private final ReplayBuffer replay;
    private final Rehearsal rehearsal;
    private final RandomShifts shifts;
    private final RandomErasing erasing;

    Steps(AdaptSettings settings, SourceSet sourceSet, ReplayBuffer replay, ModelCard model) {
        this.settings = settings;
        this.replay = replay;
        this.rehearsal = new Rehearsal(settings.steps(), sourceSet, replay, model);
        this.shifts = new RandomShifts(model.input(), settings.steps().changes().shift());
        this.erasing =
                new RandomErasing(model.input(), settings.steps().changes().erase());
    }

    Rehearsal rehearsal() {
        return rehearsal;
    }

    /** @param losses each loss term, as its mean over the steps that were not skipped */
    record Result(int trained, int steps, int skipped, Map<String, Double> losses, List<Duration> times) {
        static final Result NONE = new Result(0, 0, 0, Map.of(), List.of());

        Result {
            losses = Map.copyOf(losses);
            times = List.copyOf(times);
        }

        /** The results of steps and of those after them as one. */
        Result and(Result next) {
            int own = steps - skipped;
            int others = next.steps - next.skipped;
            Map<String, Double> means = new TreeMap<>(losses);
            next.losses.forEach((term, value) ->
                    means.merge(term, value, (one, other) -> (own * one + others * other) / (own + others)));
            List<Duration> all = new ArrayList<>(times);
            all.addAll(next.times);
            return new Result(trained + next.trained, steps + next.steps, skipped + next.skipped, means, all);
        }
    }

    /** How many of so many new samples are scored and trained on at a time. A worker that is behind does not take the time for slices. */
    int slice(int samples, Effort effort) {
        return effort.isFull() ? Math.min(samples, settings.steps().slice(current())) : samples;
    }

    /** Keeps the samples for later steps without training on them, while training is paused. */
    Result remember(List<ReplaySample> fresh, SplitMix64 random) {
        fresh.forEach(sample -> replay.add(sample, random));
        return Result.NONE;
    }

    /** With all the effort that the settings say. */
    Result learn(List<ReplaySample> fresh, Trainer trainer, SplitMix64 random) {
        return learn(fresh, () -> trainer, random, Effort.FULL);
    }

    /** On average, this effort makes steps for one of so many mini-batches. */
    int trainsOneOf(Effort effort) {
        return effort.trainsOneOf(usual());
    }

    /** How many steps are made for so many samples, on average, if none of them is held out. */
    double expected(int samples, Effort effort) {
        int slice = slice(samples, effort);
        int size = settings.steps().batchSize();
        int expected = 0;
        for (int from = 0; from < samples; from += slice) {
            int left = Math.min(slice, samples - from);
            for (int i = 0; i < left; i += size) {
                expected += 1 + replays(Math.min(size, left - i) / (float) size, effort);
            }
        }
        return expected / (double) trainsOneOf(effort);
    }

    private int usual() {
        return settings.steps().replaySteps(current());
    }

    /** Replayed samples of the domain as it is now. */
    private int current() {
        return replay.drift().current(replay.samples().size());
    }

    /** @param training opened only when steps are made */
    Result learn(List<ReplaySample> fresh, Supplier<Trainer> training, SplitMix64 random, Effort effort) {
        if (!effort.trains(usual(), random)) {
            return remember(fresh, random);
        }
        if (fresh.isEmpty()) {
            return Result.NONE;
        }
        Trainer trainer = training.get();
        List<StepReport> reports = new ArrayList<>();
        List<Duration> times = new ArrayList<>();
        int size = settings.steps().batchSize();
        boolean light = settings.steps().isLight(effort.halvings()) && rehearsal.canBeLight();
        rehearsal.look(fresh, effort, random);
        for (int from = 0; from < fresh.size(); from += size) {
            List<ReplaySample> slice = fresh.subList(from, Math.min(fresh.size(), from + size));
            long began = System.nanoTime();
            List<PictureSample> first = new ArrayList<>(Rehearsal.samples(slice));
            first.addAll(rehearsal.draw(size - slice.size(), light, random));
            // A step that is not finite is skipped. Each replay of its samples would be skipped, too.
            if (!step(first, light, trainer, random, reports, times, began).skipped()) {
                slice.forEach(sample -> replay.add(sample, random));
            }
            int replays = replays(slice.size() / (float) size, effort);
            for (int i = 0; i < replays; i++) {
                began = System.nanoTime();
                List<PictureSample> drawn = rehearsal.draw(size, light, random);
                if (!drawn.isEmpty()) {
                    step(drawn, light, trainer, random, reports, times, began);
                }
            }
        }
        int skipped = (int) reports.stream().filter(StepReport::skipped).count();
        return new Result(fresh.size(), reports.size(), skipped, means(reports), times);
    }

    /** @param share of a batch that the new samples are */
    private int replays(float share, Effort effort) {
        int most = effort.replayedSteps(usual());
        return most == 0 ? 0 : Math.max(1, Math.round(most * share));
    }

    private StepReport step(
            List<PictureSample> samples,
            boolean light,
            Trainer trainer,
            SplitMix64 random,
            List<StepReport> reports,
            List<Duration> times,
            long began) {
        LabelledBatch target = new LabelledBatch(
                FloatTensor.stack(samples.stream()
                        .map(sample ->
                                light ? sample.row() : erasing.erased(shifts.shifted(sample.row(), random), random))
                        .toList()),
                samples.stream().map(PictureSample::classIndex).toList());
        StepReport report = light
                ? trainer.laterStep(target, rehearsal.lightSource(trainer, random))
                : trainer.step(target, rehearsal.source(trainer, random));
        reports.add(report);
        times.add(Duration.ofNanos(System.nanoTime() - began));
        return report;
    }

    private static Map<String, Double> means(List<StepReport> reports) {
        Map<String, Double> sums = new TreeMap<>();
        Map<String, Integer> counts = new TreeMap<>();
        for (StepReport report : reports) {
            if (!report.skipped()) {
                report.losses().forEach((term, value) -> {
                    sums.merge(term, value, Double::sum);
                    counts.merge(term, 1, Integer::sum);
                });
            }
        }
        sums.replaceAll((term, sum) -> sum / counts.getOrDefault(term, 1));
        return sums;
    }

    /**
     * Teaches the samples of a mini-batch. While the domain has few samples, that is slice by slice: a slice is scored for the proof by weights
     * that were trained on the slices before it, then some of it is held out, and steps are made on the rest. One thread.
     */
    static final class Slices {
        private final Steps steps;
        private final Holdout holdout;
        private final ActiveVersion active;
        private final Position position;
        private final Proving proving;
        private final Recovery recovery;

        Slices(
                Steps steps,
                Holdout holdout,
                ActiveVersion active,
                Position position,
                Proving proving,
                Recovery recovery) {
            this.steps = steps;
            this.holdout = holdout;
            this.active = active;
            this.position = position;
            this.proving = proving;
            this.recovery = recovery;
        }

        /** What the models answered to the samples of a mini-batch, of the classes {@code labels}, before any of them was trained on. */
        record Scores(
                List<Integer> labels,
                BaseModel.Predicted source,
                BaseModel.Predicted active,
                BaseModel.Predicted served) {

            /** The events that tell of the scores and of the steps that followed. */
            List<AdaptationEvent> told(
                    MiniBatch batch,
                    Instant now,
                    ClassNames classes,
                    ServedVersion serving,
                    long activeVersion,
                    Learnt taught,
                    Effort effort) {
                Optional<AdaptationEvent.Trained.Shadow> shadow = serving.isShadow()
                        ? Optional.of(new AdaptationEvent.Trained.Shadow(activeVersion, correct(active)))
                        : Optional.empty();
                return List.of(
                        new AdaptationEvent.Trained(
                                batch.domain(),
                                now,
                                batch.sequence(),
                                labels.size(),
                                taught.heldOut(),
                                serving.number(),
                                correct(served),
                                correct(source),
                                taught.steps().steps(),
                                taught.steps().skipped(),
                                taught.steps().losses(),
                                effort.halvings(),
                                shadow),
                        AdaptationEvent.Answered.of(
                                batch, now, serving.number(), classes, labels, served.classes(), source.classes()));
            }

            private int correct(BaseModel.Predicted answers) {
                return BaseModel.count(answers.hits(labels));
            }
        }

        /** @param restarted when training first began again */
        record Learnt(Result steps, int heldOut, Optional<AdaptationEvent> restarted) {}

        /**
         * Scores and teaches the samples.
         *
         * @param source what the source model predicts for them
         * @param served what the active version predicts for them
         */
        Learnt learn(
                List<ReplaySample> samples,
                BaseModel.Predicted source,
                BaseModel.Predicted served,
                Effort effort,
                SplitMix64 random,
                MiniBatch batch,
                Instant now) {
            boolean watched = proving.watches(batch, effort);
            Result learnt = Result.NONE;
            Optional<AdaptationEvent> restarted = Optional.empty();
            int taught = 0;
            int slice = steps.slice(samples.size(), effort);
            for (int from = 0; from < samples.size(); from += slice) {
                int to = Math.min(samples.size(), from + slice);
                List<ReplaySample> some = samples.subList(from, to);
                if (watched) {
                    proving.see(some, source.part(from, to), served.part(from, to));
                }
                Holdout.Others fresh = holdout.without(
                        some,
                        source.part(from, to),
                        served.part(from, to),
                        position.lineage().active());
                if (from == 0 && !position.isPaused()) {
                    restarted = recovery.beforeTraining(
                            effort.watches(batch.sequence()) ? fresh : Holdout.Others.NONE, batch, now);
                }
                learnt = learnt.and(learn(fresh.samples(), effort, random));
                taught += fresh.samples().size();
            }
            steps.rehearsal()
                    .newChange()
                    .ifPresent(change -> LOG.info(
                            "domain {}: its pictures look like those of the source, {}", batch.domain(), change));
            return new Learnt(learnt, samples.size() - taught, restarted);
        }

        private Result learn(List<ReplaySample> fresh, Effort effort, SplitMix64 random) {
            if (position.isPaused()) {
                return steps.remember(fresh, random);
            }
            Result learnt = steps.learn(fresh, this::trainer, random, effort);
            if (learnt.steps() > 0) {
                active.trained();
            }
            return learnt;
        }

        /** Opened for a round that makes steps, and told how to make them. */
        private Trainer trainer() {
            Trainer open = recovery.trainer();
            open.randomLabels(proving.randomLabels());
            return open;
        }
    }
}
