package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.StandInSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.adapt.worker.Meters;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.train.Samples;
import io.acclimate.train.Trainer;
import io.acclimate.wire.v1.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class StepsTest {
    private static final ModelGraph MODEL = AdaptFixture.sourceModel();
    private static final AdaptSettings SETTINGS = AdaptSettings.defaults();
    private static final Effort LIGHT = new Effort(SETTINGS.steps().changes().lightFrom());
    private static final StandInSettings NO_STAND_INS = new StandInSettings(0, StandInSettings.Changes.FIXED);

    private static Steps steps(AdaptSettings settings, SourceSet source, ReplayBuffer replay) {
        return new Steps(settings, new Rehearsal(settings.steps(), source, replay, MODEL.card()), replay, MODEL.card());
    }

    @Test
    void fault23AStepThatIsNotFiniteIsSkippedCountedAndNotReplayedAndTheNextMiniBatchWorks() throws Exception {
        ReplayBuffer replay = new ReplayBuffer(1024);
        SplitMix64 random = new SplitMix64(1);
        try (BaseModel models = new BaseModel(MODEL, SETTINGS.train());
                Telemetry telemetry = Telemetry.inMemory();
                Trainer trainer = Trainer.open(MODEL, WeightDelta.EMPTY, SETTINGS.train())) {
            Steps steps = steps(SETTINGS, new SourceSet(Optional.empty(), 0, models.source()), replay);
            steps.learn(samples(0, 1), trainer, random);
            WeightDelta before = trainer.weights();
            long stepsBefore = trainer.steps();
            int keptBefore = replay.samples().size();

            Steps.Result bad = steps.learn(samples(32, Float.NaN).subList(0, 4), trainer, random);

            assertThat(bad.skipped()).isEqualTo(1);
            assertThat(trainer.steps()).isEqualTo(stepsBefore + bad.steps() - 1);
            assertThat(replay.samples()).as("a replay would fail as well").hasSize(keptBefore);
            assertThat(before.tensors().keySet())
                    .isEqualTo(trainer.weights().tensors().keySet());
            assertThat(trainer.weights().tensors().values())
                    .allSatisfy(tensor -> assertThat(tensor.values()).doesNotContain(Float.NaN));
            new Meters(telemetry, MODEL.card().classes()).committed(round(bad));
            assertThat(telemetry.total(Meter.STEPS_SKIPPED, "default")).isEqualTo(1);

            Steps.Result next = steps.learn(samples(64, 1), trainer, random);
            assertThat(next.skipped()).isZero();
            assertThat(next.losses().get("target")).isFinite();
        }
    }

    @Test
    void fault23AnExplodingStepMovesTheWeightsNoFurtherThanTheClipAllows() throws Exception {
        ReplayBuffer replay = new ReplayBuffer(1024);
        AdaptSettings settings = SETTINGS.withSteps(SETTINGS.steps().withReplay(0, 1024));
        try (BaseModel models = new BaseModel(MODEL, settings.train());
                Trainer trainer = Trainer.open(MODEL, WeightDelta.EMPTY, settings.train())) {
            Steps steps = steps(settings, new SourceSet(Optional.empty(), 0, models.source()), replay);
            WeightDelta before = trainer.weights();
            Steps.Result result = steps.learn(samples(0, 1e30f), trainer, new SplitMix64(1));

            assertThat(result.losses().get("target")).isGreaterThan(1e20);
            double bound = settings.train().optimizer().learningRate()
                    * settings.train().optimizer().clip();
            assertThat(distance(before, trainer.weights())).isPositive().isLessThan(1.01 * bound);
        }
    }

    @Test
    void samplesGetMoreReplayedStepsWhileTheyAreFew() throws Exception {
        ReplayBuffer replay = new ReplayBuffer(1024);
        StepSettings defaults = SETTINGS.steps();
        AdaptSettings settings = SETTINGS.withSteps(new StepSettings(
                defaults.batchSize(),
                2,
                new StepSettings.Early(64, 4, 8),
                defaults.replayCapacity(),
                defaults.replayBytes(),
                NO_STAND_INS,
                StepSettings.RowChanges.NONE));
        try (BaseModel models = new BaseModel(MODEL, settings.train());
                Trainer trainer = Trainer.open(MODEL, WeightDelta.EMPTY, settings.train())) {
            Steps steps = steps(settings, new SourceSet(Optional.empty(), 0, models.source()), replay);
            SplitMix64 random = new SplitMix64(1);

            assertThat(steps.expected(32, Effort.FULL)).as("slices of 8").isEqualTo(4 * (1 + 2));
            assertThat(steps.expected(32, new Effort(1))).as("at once").isEqualTo(1 + 4);
            assertThat(steps.expected(32, new Effort(5)))
                    .as("one of two mini-batches")
                    .isEqualTo(0.5);
            assertThat(steps.learn(samples(0, 1), trainer, random).steps()).isEqualTo(1 + 4 * 2);
            assertThat(steps.learn(samples(32, 1), trainer, random).steps()).isEqualTo(1 + 2);
            assertThat(steps.expected(40, Effort.FULL)).as("32 and 8").isEqualTo(1 + 2 + 1 + 1);
        }
    }

    @Test
    void aWorkerThatIsFarBehindLeavesTheFirstLayerAsItIs() throws Exception {
        try (BaseModel models = new BaseModel(MODEL, SETTINGS.train());
                Trainer trainer = models.trainer(WeightDelta.EMPTY)) {
            SourceSet source = new SourceSet(Optional.of(AdaptFixture.samples(MODEL)), 0, models.source());
            source.keepAnswers(
                    models, SETTINGS.train().terms(), SETTINGS.steps().batchSize());
            Steps steps = steps(SETTINGS, source, new ReplayBuffer(1024));
            SplitMix64 random = new SplitMix64(1);
            FloatTensor first = MODEL.weights().get("conv1.weight");

            Steps.Result light = steps.learn(
                    samples(0, 1),
                    samples(0, 1),
                    () -> trainer,
                    random,
                    new Effort(SETTINGS.steps().changes().lightFrom()));

            assertThat(light.steps()).isPositive();
            assertThat(light.losses().get("source")).isFinite();
            assertThat(trainer.weights().tensors().get("conv1.weight")).isEqualTo(first);
            assertThat(trainer.weights().tensors().get("conv2.weight"))
                    .isNotEqualTo(MODEL.weights().get("conv2.weight"));

            steps.learn(
                    samples(32, 1),
                    samples(32, 1),
                    () -> trainer,
                    random,
                    new Effort(SETTINGS.steps().changes().lightFrom() - 1));

            assertThat(trainer.weights().tensors().get("conv1.weight"))
                    .as("with more effort all layers are trained")
                    .isNotEqualTo(first);
        }
    }

    /**
     * Of the head alone there is no first layer to leave: its steps have the answers from the features of their rows. And where an earlier version
     * changed what is frozen now, source rows go by their labels.
     */
    @ParameterizedTest
    @CsvSource({"head,false", "last:2,true"})
    void aLightStepDoesNotAskTheSourceModelInVain(String trainable, boolean ofAnEarlierVersion) {
        AdaptSettings settings = SETTINGS.withTrain(SETTINGS.train().withTrainable(trainable));
        List<Integer> made = new ArrayList<>();
        Samples all = AdaptFixture.samples(MODEL);
        Samples noted = new Samples() {
            @Override
            public int size() {
                return all.size();
            }

            @Override
            public FloatTensor row(int index) {
                made.add(index);
                return all.row(index);
            }

            @Override
            public int label(int index) {
                return all.label(index);
            }
        };
        try (BaseModel models = new BaseModel(MODEL, settings.train());
                Trainer trainer = models.trainer(ofAnEarlierVersion ? halved() : WeightDelta.EMPTY)) {
            SourceSet source = new SourceSet(Optional.of(noted), 0, models.source());
            source.keepAnswers(
                    models, settings.train().terms(), settings.steps().batchSize());
            Steps steps = steps(settings, source, new ReplayBuffer(64));

            Steps.Result light = steps.learn(samples(0, 1), samples(0, 1), () -> trainer, new SplitMix64(1), LIGHT);

            assertThat(light.losses().get("source")).isFinite();
            assertThat(made)
                    .as("the rows of the steps themselves")
                    .hasSize(light.steps() * settings.steps().batchSize() / 4);
        }
    }

    private record Learnt(WeightDelta weights, long random) {}

    /** An earlier version that changed the first tensor of the model. */
    private static WeightDelta halved() {
        String first =
                Objects.requireNonNull(MODEL.weights().keySet().iterator().next());
        FloatTensor tensor = Objects.requireNonNull(MODEL.weights().get(first));
        float[] halved = tensor.values().clone();
        for (int i = 0; i < halved.length; i++) {
            halved[i] /= 2;
        }
        return WeightDelta.of(Map.of(first, FloatTensor.wrap(tensor.shape(), halved)));
    }

    /** What a step on source rows leads to, when the frozen part is that of an earlier version. */
    private static Learnt onAFrozenPartOfAnEarlierVersion(double mix) throws Exception {
        AdaptSettings settings = SETTINGS.withTrain(SETTINGS.train().withTrainable("head"))
                .withSteps(SETTINGS.steps().withReplay(0, 64).withChanges(new StepSettings.RowChanges(0, 0, mix)));
        WeightDelta start = halved();
        String first = start.tensors().firstKey();
        try (BaseModel models = new BaseModel(MODEL, settings.train());
                Trainer trainer = Trainer.open(MODEL, start, settings.train())) {
            assertThat(trainer.trainable()).doesNotContain(first);
            SourceSet source = new SourceSet(Optional.of(AdaptFixture.samples(MODEL)), 0, models.source());
            source.keepAnswers(
                    models, settings.train().terms(), settings.steps().batchSize());
            Steps steps = steps(settings, source, new ReplayBuffer(64));
            SplitMix64 random = new SplitMix64(1);
            steps.learn(samples(0, 1), trainer, random);
            return new Learnt(trainer.weights(), random.state());
        }
    }

    /** The source model gives no answers there, and the label of one row says nothing of a mixture of two. */
    @Test
    void sourceRowsAreNotMixedWhereTrainingGoesByTheirLabels() throws Exception {
        assertThat(onAFrozenPartOfAnEarlierVersion(1)).isEqualTo(onAFrozenPartOfAnEarlierVersion(0));
    }

    private static double distance(WeightDelta from, WeightDelta to) {
        double squares = 0;
        for (var each : from.tensors().entrySet()) {
            float[] there =
                    Objects.requireNonNull(to.tensors().get(each.getKey())).values();
            for (int i = 0; i < there.length; i++) {
                double difference = there[i] - each.getValue().values()[i];
                squares += difference * difference;
            }
        }
        return Math.sqrt(squares);
    }

    private static List<ReplaySample> samples(int from, float scale) {
        Samples source = AdaptFixture.samples(MODEL);
        List<ReplaySample> samples = new ArrayList<>();
        for (int i = from; i < from + 32; i++) {
            float[] values = source.row(i).values().clone();
            for (int j = 0; j < values.length; j++) {
                values[j] *= scale;
            }
            FloatTensor row = FloatTensor.wrap(source.row(i).shape(), values);
            samples.add(new ReplaySample(0, i - from, new ImageId("image-" + i), source.label(i), new HeapRow(row)));
        }
        return samples;
    }

    private static Round round(Steps.Result result) {
        return new Round(
                List.of(new AdaptationEvent.Trained(
                        DomainId.DEFAULT,
                        AdaptFixture.TIME,
                        0,
                        4,
                        0,
                        0,
                        0,
                        0,
                        result.steps(),
                        result.skipped(),
                        result.losses())),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                new Round.Saved.Snapshot(Checkpoint.getDefaultInstance(), 1),
                List.of());
    }
}
