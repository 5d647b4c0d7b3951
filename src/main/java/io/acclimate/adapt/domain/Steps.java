package io.acclimate.adapt.domain;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.random.RandomErasing;
import io.acclimate.adapt.random.RandomShifts;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.translation.PictureSample;
import io.acclimate.core.FloatTensor;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.StepReport;
import io.acclimate.train.Trainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The training steps of one round. The first step is on the new samples, filled up to a batch from the replay buffer, so that a small
 * mini-batch does not make a step on a few samples alone. Steps on replayed batches follow, fewer of them after a small mini-batch. When
 * there is a source set, each step also takes half a batch from it, and else from its {@link StandIns}. Target rows get {@link
 * RandomShifts} and {@link RandomErasing}. Light steps have a quarter of a batch from the source set, none of what is changed at random, and leave the
 * first layer as it is. One thread.
 */
final class Steps {
    private final AdaptSettings settings;
    private final ReplayBuffer replay;
    private final Rehearsal rehearsal;
    private final RandomShifts shifts;
    private final RandomErasing erasing;

    Steps(AdaptSettings settings, Rehearsal rehearsal, ReplayBuffer replay, ModelCard model) {
        this.settings = settings;
        this.replay = replay;
        this.rehearsal = rehearsal;
        this.shifts = new RandomShifts(model.input(), settings.steps().changes().shift());
        this.erasing =
                new RandomErasing(model.input(), settings.steps().changes().erase());
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
        return learn(fresh, fresh, () -> trainer, random, Effort.FULL);
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

    /**
     * Makes the steps.
     *
     * @param firsts those of {@code fresh} whose picture had no label before, by which changes of pictures are looked for
     * @param training opened only when steps are made
     */
    Result learn(
            List<ReplaySample> fresh,
            List<ReplaySample> firsts,
            Supplier<Trainer> training,
            SplitMix64 random,
            Effort effort) {
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
        rehearsal.look(firsts, effort, random);
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
}
