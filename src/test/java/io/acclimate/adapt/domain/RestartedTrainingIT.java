package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.adapt.trial.Trial;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.gate.GateSettings;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.train.OptimizerSettings;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A learning rate that was chosen by hand and is far too high. */
class RestartedTrainingIT {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final int SIZE = 32;
    /** On noise the source model has more than half right, so a gate that waits for some samples promotes no failed training. */
    private static final LabelledImages NOISY = Bundled.targetTest().shifted(Shift.NOISE, 1);

    private static final AdaptSettings TOO_FAST =
            settings(new OptimizerSettings(OptimizerSettings.Kind.SGD, 3, 0.9, 0, Double.POSITIVE_INFINITY));

    @Test
    void trainingThatDivergedStartsAgainFromTheActiveVersionWithSmallerSteps() {
        try (Lineages lineages = new Lineages(TOO_FAST)) {
            DomainWorker worker = lineages.fresh();

            List<AdaptationEvent.Restarted> restarts = restarts(learn(worker, 0, 16));

            assertThat(restarts).hasSizeGreaterThan(1);
            assertThat(restarts.get(0).stepScale()).isEqualTo(0.5);
            assertThat(restarts.get(1).stepScale()).isLessThan(0.5);
            assertThat(restarts.get(0).reason()).isNotEmpty();
            assertThat(worker.checkpoints().whole().getStepSize().getScale()).isLessThan(0.3);
        }
    }

    @Test
    void noDomainIsDeadForGood() {
        try (Trial trial = new Trial(
                CAMERA,
                AdaptFixture.sourceModel(),
                Optional.empty(),
                TOO_FAST,
                Clock.fixed(AdaptFixture.TIME, ZoneOffset.UTC))) {
            List<List<AdaptationEvent>> rounds =
                    IntStream.range(0, 64).mapToObj(i -> trial.learn(batch(i))).toList();

            assertThat(rounds.stream().flatMap(List::stream))
                    .hasAtLeastOneElementOfType(AdaptationEvent.Restarted.class);
            assertThat(rounds.subList(48, 64).stream()
                            .flatMap(List::stream)
                            .filter(event -> event instanceof AdaptationEvent.Judged judged
                                    && judged.decision() instanceof GateDecision.Promote)
                            .count())
                    .as("versions in the last 16 of 64 rounds")
                    .isPositive();
        }
    }

    @Test
    void aRestoredWorkerGoesOnWithTheSameStepsAndTheSameBits() {
        try (Lineages lineages = new Lineages(TOO_FAST)) {
            DomainWorker worker = lineages.fresh();
            learn(worker, 0, 8);
            Checkpoint saved = worker.checkpoints().whole();
            assertThat(saved.getStepSize().getScale()).as("after a restart").isLessThan(1);
            DomainWorker restored = lineages.restored(saved, worker, 8);

            learn(restored, 8, 12);
            learn(worker, 8, 12);

            assertThat(restored.checkpoints().whole())
                    .isEqualTo(worker.checkpoints().whole());
        }
    }

    @Test
    void theDefaultLearningRateNeedsNoRestart() {
        try (Lineages lineages = new Lineages(AdaptSettings.defaults())) {
            List<Round> rounds = learn(lineages.fresh(), 0, 16);

            assertThat(restarts(rounds)).isEmpty();
        }
    }

    private static AdaptSettings settings(OptimizerSettings optimizer) {
        AdaptSettings defaults = AdaptSettings.defaults();
        GateSettings gate = defaults.gate();
        return defaults.withTrain(defaults.train().withOptimizer(optimizer))
                .withGate(new GateSettings(
                        24,
                        gate.tolerance(),
                        gate.z(),
                        gate.maxSourceDrop(),
                        GateSettings.Rule.NON_INFERIOR,
                        gate.proven()))
                .withPace(PaceSettings.NONE)
                .withSteps(defaults.steps().withReplay(1, 1024));
    }

    private static List<Round> learn(DomainWorker worker, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> worker.learn(batch(i), i))
                .toList();
    }

    private static List<AdaptationEvent.Restarted> restarts(List<Round> rounds) {
        return rounds.stream()
                .flatMap(round -> round.events().stream())
                .filter(AdaptationEvent.Restarted.class::isInstance)
                .map(AdaptationEvent.Restarted.class::cast)
                .toList();
    }

    private static MiniBatch batch(int sequence) {
        List<LabelledSample> samples = IntStream.range(sequence * SIZE, (sequence + 1) * SIZE)
                .mapToObj(i -> AdaptFixture.sample(NOISY, i))
                .toList();
        return new MiniBatch(
                CAMERA, sequence, MiniBatch.FlushCause.COUNT, samples, AdaptFixture.TIME, AdaptFixture.TIME);
    }

    /** Workers of one model, closed together. */
    private static final class Lineages implements AutoCloseable {
        private final AdaptSettings settings;
        private final BaseModel models;
        private final List<DomainWorker> workers = new ArrayList<>();

        Lineages(AdaptSettings settings) {
            this.settings = settings;
            this.models = new BaseModel(AdaptFixture.sourceModel(), settings.train());
        }

        DomainWorker fresh() {
            DomainWorker worker = new DomainWorker(
                    CAMERA,
                    settings,
                    models,
                    new SourceSet(Optional.empty(), 0, models.source()),
                    decoder(),
                    Clock.fixed(AdaptFixture.TIME, ZoneOffset.UTC));
            workers.add(worker);
            return worker;
        }

        DomainWorker restored(Checkpoint checkpoint, DomainWorker from, long generation) {
            DomainWorker worker = fresh();
            worker.checkpoints()
                    .restore(
                            checkpoint,
                            generation,
                            from.activeWeights(),
                            samples(checkpoint.getHoldoutList()),
                            samples(checkpoint.getReplayList()),
                            List.of());
            return worker;
        }

        private List<ReplaySample> samples(List<io.acclimate.wire.v1.SampleRef> refs) {
            return refs.stream()
                    .map(ref -> decoder()
                            .decode(batch((int) ref.getOffset()), ref.getOffset())
                            .samples()
                            .get(ref.getIndex()))
                    .toList();
        }

        private SampleDecoder decoder() {
            return new SampleDecoder(models, new ImageDecoder(ImageLimits.defaults()));
        }

        @Override
        public void close() {
            workers.forEach(DomainWorker::close);
            models.close();
        }
    }
}
