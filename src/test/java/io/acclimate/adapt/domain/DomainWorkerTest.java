package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.RecordedSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.GateDecision;
import io.acclimate.core.LabelledSample;
import io.acclimate.gate.GateSettings;
import io.acclimate.infer.BiasModel;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.v1.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DomainWorkerTest {
    private final BaseModel model = Linear.model();
    private DomainWorker worker = worker(Linear.settings());

    @AfterEach
    void close() {
        worker.close();
        model.close();
    }

    private DomainWorker worker(AdaptSettings settings) {
        return Linear.worker(model, settings);
    }

    private void use(AdaptSettings settings) {
        worker.close();
        worker = worker(settings);
    }

    @Test
    void aMiniBatchIsScoredBeforeItIsLearntFrom() {
        Round first = worker.learn(Linear.batch(0), 10);
        Round second = worker.learn(Linear.batch(1), 11);

        AdaptationEvent.Trained before = Linear.event(first, AdaptationEvent.Trained.class);
        assertThat(before.samples()).isEqualTo(32);
        assertThat(before.activeVersion()).isZero();
        assertThat(before.activeCorrect())
                .as("the source model answers 0 and no label is 0")
                .isZero();
        assertThat(before.sourceCorrect()).isZero();
        assertThat(before.holdout()).isBetween(1, 12);
        // Four slices of 8 less what is held out: of each one step, and on few samples twice the two replayed ones, by
        // its share.
        assertThat(before.steps()).isEqualTo(8);
        assertThat(before.skippedSteps()).isZero();
        assertThat(before.losses()).containsKey("target");
        assertThat(before.miniBatch()).isZero();
        AdaptationEvent.Trained after = Linear.event(second, AdaptationEvent.Trained.class);
        assertThat(after.activeVersion()).isEqualTo(1);
        assertThat(after.activeCorrect()).isGreaterThan(24);
        assertThat(after.sourceCorrect()).isZero();
        assertThat(second.stepTimes()).hasSize(after.steps());
    }

    @Test
    void aRowThatTheModelCannotRunIsADeadLetterAndTheOthersAreLearntFrom() {
        AdaptSettings settings = Linear.settings();
        List<LabelledSample> samples = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            samples.add(Linear.labelled("image-" + i, Categories.row(i == 13 ? 99 : i % 8), i % 5, ""));
        }
        try (BaseModel categories = new BaseModel(Categories.graph(), settings.train());
                DomainWorker original = Linear.worker(categories, settings);
                DomainWorker successor = Linear.worker(categories, settings)) {
            Round round = original.learn(Linear.batch(0, samples), 10);
            var unused = successor.relearn(Linear.batch(0, samples), 10, Effort.FULL);

            assertThat(round.dropped())
                    .extracting(each -> each.sample().imageId().value())
                    .containsExactly("image-13");
            assertThat(Linear.event(round, AdaptationEvent.Trained.class).samples())
                    .isEqualTo(31);
            assertThat(Linear.event(round, AdaptationEvent.Trained.class).steps())
                    .isPositive();
            assertThat(successor.checkpoints().whole())
                    .isEqualTo(original.checkpoints().whole());
        }
    }

    @Test
    void aCandidateThatTheGateDefersLeavesNoTraceButItsEvent() {
        use(Linear.settings()
                .withGate(
                        new GateSettings(64, 0, 0, 1, GateSettings.Rule.NON_INFERIOR, GateSettings.Proven.defaults())));

        Round round = worker.learn(Linear.batch(0), 10);

        assertThat(Linear.event(round, AdaptationEvent.Judged.class).decision()).isInstanceOf(GateDecision.Defer.class);
        assertThat(round.published()).isEmpty();
        assertThat(round.activation()).isEmpty();
        assertThat(worker.activeWeights()).isEqualTo(WeightDelta.EMPTY);
        assertThat(worker.lineage().candidate().number()).isEqualTo(1);
    }

    @Test
    void theFirstMiniBatchesAreScoredByWeightsThatWereTrainedOnTheirEarlierSamples() {
        StepSettings steps = Linear.settings().steps();
        AdaptSettings whole = Linear.settings()
                .withSteps(new StepSettings(
                        steps.batchSize(),
                        steps.replaySteps(),
                        new StepSettings.Early(256, 3, 32),
                        steps.replayCapacity(),
                        steps.replayBytes(),
                        steps.standIns(),
                        steps.changes()));

        assertThat(scoredByTrainedWeights(whole)).isZero();
        assertThat(scoredByTrainedWeights(Linear.settings())).isGreaterThan(8);
    }

    /** Samples of the first mini-batch that were scored by weights which had been trained. */
    private double scoredByTrainedWeights(AdaptSettings settings) {
        use(settings);
        // Samples with the pixels of one that was trained on are not scored.
        List<LabelledSample> distinct = IntStream.range(0, 32)
                .mapToObj(i -> Linear.labelled("image-" + i, i, 1 + i % 4, ""))
                .toList();
        var unused = worker.learn(Linear.batch(0, distinct), 0);
        return worker.checkpoints().whole().getAnswers().getRandom(0);
    }

    @Test
    void aRushedWorkerJudgesWheneverItMadeSteps() {
        List<Round> trained = new ArrayList<>();
        for (int sequence = 0; sequence < 16; sequence++) {
            // With six replayed steps, four halvings leave every second mini-batch out.
            Round round = worker.learn(Linear.batch(sequence), sequence, new Effort(4));
            if (Linear.event(round, AdaptationEvent.Trained.class).steps() > 0) {
                trained.add(round);
            }
        }

        assertThat(trained).hasSizeBetween(4, 12).allSatisfy(round -> assertThat(round.events())
                .hasAtLeastOneElementOfType(AdaptationEvent.Judged.class));
    }

    /** The labels of training contradict those of the holdout, which the source model has right. */
    private static List<LabelledSample> misleading(long sequence) {
        List<String> held = Linear.heldIds(24);
        List<LabelledSample> samples = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            String id = "image-" + (sequence * 32 + i);
            samples.add(Linear.labelled(id, 0, held.contains(id) ? 0 : 1, ""));
        }
        return samples;
    }

    @Test
    void afterTooManyRejectionsInARowTrainingStartsAgainFromTheActiveVersion() {
        List<Long> steps = new ArrayList<>();
        for (int sequence = 0; sequence < 17; sequence++) {
            Round round = worker.learn(Linear.batch(sequence, misleading(sequence)), sequence);
            if (sequence < 5) {
                assertThat(Linear.event(round, AdaptationEvent.Judged.class).decision())
                        .isInstanceOf(GateDecision.Reject.class);
            }
            steps.add(worker.checkpoints().whole().getOptimizerSteps());
        }

        assertThat(steps.subList(0, 16)).as("rejects before a reset: 16").endsWith(0L);
        assertThat(steps.subList(0, 15)).isSorted().doesNotContain(0L);
        assertThat(steps.get(16)).isEqualTo(8);
    }

    @Test
    void samplesThatCannotBeUsedAreDroppedAndSaidSo() {
        List<LabelledSample> samples = List.of(
                Linear.labelled("a", 1, 1, ""),
                Linear.labelled("b", 1, 1, "unheard-of"),
                Linear.labelled("c", 2, 2, ""));

        Round round = worker.learn(Linear.batch(0, samples), 10);

        assertThat(round.dropped())
                .extracting(each -> each.sample().imageId().value())
                .containsExactly("b");
        assertThat(Linear.event(round, AdaptationEvent.Discarded.class))
                .isEqualTo(new AdaptationEvent.Discarded(
                        Linear.CAMERA,
                        Linear.TIME,
                        0,
                        List.of("class 1 'unheard-of' of 'b' is not one of the model's 5")));
        assertThat(Linear.event(round, AdaptationEvent.Trained.class).samples()).isEqualTo(2);
    }

    @Test
    void aMiniBatchOfWhichNothingCanBeUsedIsCountedAndTrainsNothing() {
        Round round = worker.learn(Linear.batch(0, List.of(Linear.labelled("a", 1, 7, ""))), 10);

        assertThat(round.events()).singleElement().isInstanceOf(AdaptationEvent.Discarded.class);
        assertThat(round.published()).isEmpty();
        assertThat(worker.expects(Linear.batch(0))).isFalse();
        assertThat(worker.expects(Linear.batch(1))).isTrue();
        assertThat(round.saved().generation()).isEqualTo(1);
    }

    @Test
    void countsTheAnswersOfBothModelsClassByClassAsItCountsThemInAll() {
        worker.learn(Linear.batch(0), 10);
        Round round = worker.learn(Linear.batch(1), 11);

        AdaptationEvent.Trained all = Linear.event(round, AdaptationEvent.Trained.class);
        AdaptationEvent.Answered answered = Linear.event(round, AdaptationEvent.Answered.class);
        assertThat(answered.activeVersion()).isEqualTo(all.activeVersion()).isEqualTo(1);
        assertThat(count(answered, each -> true)).isEqualTo(all.samples());
        assertThat(count(answered, each -> each.active().equals(each.label()))).isEqualTo(all.activeCorrect());
        assertThat(count(answered, each -> each.source().equals(each.label()))).isEqualTo(all.sourceCorrect());
        assertThat(answered.answers()).doesNotHaveDuplicates().hasSizeLessThan(all.samples());
        assertThat(answered.oldestLabel()).isBeforeOrEqualTo(answered.newestLabel());
    }

    private static int count(AdaptationEvent.Answered answered, Predicate<AdaptationEvent.Answered.Answers> which) {
        return answered.answers().stream()
                .filter(which)
                .mapToInt(AdaptationEvent.Answered.Answers::count)
                .sum();
    }

    @Test
    void aMiniBatchThatTheHoldoutTakesWholeIsNotJudged() {
        Round round = worker.learn(
                Linear.batch(0, List.of(Linear.labelled(Linear.heldIds(1).get(0), 1, 1, ""))), 10);

        assertThat(round.events())
                .hasOnlyElementsOfTypes(AdaptationEvent.Trained.class, AdaptationEvent.Answered.class);
        assertThat(Linear.event(round, AdaptationEvent.Trained.class).holdout()).isEqualTo(1);
        assertThat(round.published()).isEmpty();
    }

    @Test
    void everyEighthRoundWritesASnapshotAndTheOthersTheMiniBatchesSince() {
        List<Round.Saved> saved = new ArrayList<>();
        for (int sequence = 0; sequence < 9; sequence++) {
            saved.add(worker.learn(Linear.batch(sequence), 100 + sequence).saved());
        }

        assertThat(saved.subList(0, 7)).allMatch(Round.Saved.Since.class::isInstance);
        assertThat(saved.get(7)).isInstanceOf(Round.Saved.Snapshot.class);
        assertThat(((Round.Saved.Since) saved.get(6)).progress().getMiniBatchesList())
                .containsExactly(100L, 101L, 102L, 103L, 104L, 105L, 106L);
        assertThat(((Round.Saved.Since) saved.get(8)).progress().getSnapshot()).isEqualTo(8);
        assertThat(((Round.Saved.Since) saved.get(8)).progress().getMiniBatchesList())
                .containsExactly(108L);
    }

    private void activate(long number, WeightDelta weights) {
        AdaptationEvent.Controlled event =
                new AdaptationEvent.Controlled(Linear.CAMERA, Linear.TIME, "c1", "activate", true, "why");
        var unused = worker.commanded().activate(number, weights, Activation.Cause.ACTIVATE, event, Linear.TIME);
    }

    @Test
    void theNewestVersionIsCheckedEverySixteenMiniBatchesAndAnOlderOneEachTime() {
        for (int sequence = 0; sequence < 12; sequence++) {
            var unused = worker.learn(Linear.batch(sequence), sequence);
        }
        assertThat(worker.guard().faultOfActive(Linear.batch(16)))
                .as("has everything right")
                .isEmpty();

        activate(99, BiasModel.version(1));
        assertThat(worker.guard().faultOfActive(Linear.batch(17)))
                .as("the newest")
                .isEmpty();
        assertThat(worker.checkpoints().whole().getHoldoutBestList())
                .as("a chosen version is the best so far, and has class 1 right only")
                .contains(true, false);
        assertThat(worker.guard().faultOfActive(Linear.batch(32)).orElseThrow()).contains("predicts one class");

        activate(98, BiasModel.version(1));
        assertThat(worker.guard().faultOfActive(Linear.batch(17)))
                .as("not the newest")
                .isPresent();
    }

    @Test
    void weightsAreCheckedAgainstTheHoldoutBeforeTheyAreServed() {
        for (int sequence = 0; sequence < 12; sequence++) {
            var unused = worker.learn(Linear.batch(sequence), sequence);
        }

        assertThat(worker.guard().couldServe(Linear.version(0, 1, 2, 3, 4))).isTrue();
        assertThat(worker.guard().couldServe(BiasModel.version(1))).isFalse();
    }

    @Test
    void aReplayBufferHoldsWhatItsMemoryAllows() {
        // A row has 192 values of 4 bytes.
        assertThat(replayedAfterOneBatch(3 * 768)).isEqualTo(3);
        assertThat(replayedAfterOneBatch(4 * 768 - 1)).isEqualTo(3);
        assertThat(replayedAfterOneBatch(1)).isEqualTo(1);
        assertThat(replayedAfterOneBatch(1 << 20))
                .as("the whole mini-batch less 4 held samples")
                .isEqualTo(28);
    }

    private int replayedAfterOneBatch(long bytes) {
        AdaptSettings defaults = Linear.settings();
        use(RecordedSettings.over(defaults, Map.of("replayBytes", Long.toString(bytes)), new TreeSet<>()));
        var unused = worker.learn(Linear.batch(0), 0);
        return worker.checkpoints().whole().getReplayCount();
    }

    @Test
    void theSameMiniBatchesGiveTheSameBitsInAnotherWorker() {
        try (DomainWorker other = worker(Linear.settings())) {
            for (int sequence = 0; sequence < 5; sequence++) {
                Round round = worker.learn(Linear.batch(sequence), sequence);
                Optional<Round.NewVersion> again = other.relearn(Linear.batch(sequence), sequence, Effort.FULL);
                assertThat(again.map(Round.NewVersion::weights))
                        .isEqualTo(round.published().map(Round.NewVersion::weights));
            }

            assertThat(other.checkpoints().whole())
                    .isEqualTo(worker.checkpoints().whole());
            assertThat(other.checkpoints().stop().orElseThrow().generation()).isEqualTo(5);
        }
    }

    @Test
    void aMiniBatchThatIsLeftOutChangesNothingButThePosition() {
        for (int sequence = 0; sequence < 3; sequence++) {
            var unused = worker.learn(Linear.batch(sequence), sequence);
        }
        Checkpoint before = worker.checkpoints().whole();

        Round round = worker.learn(Linear.batch(3), 3, Effort.LEFT_OUT);

        assertThat(round.events()).containsExactly(new AdaptationEvent.LeftOut(Linear.CAMERA, Linear.TIME, 3, 32));
        assertThat(round.stepTimes()).isEmpty();
        assertThat(worker.checkpoints().whole())
                .isEqualTo(before.toBuilder().setNextMiniBatch(4).build());
        assertThat(worker.expects(Linear.batch(3))).isFalse();
    }

    @Test
    void whatALeftOutMiniBatchHasMattersToNoLaterVersion() {
        try (DomainWorker other = worker(Linear.settings())) {
            for (int sequence = 0; sequence < 6; sequence++) {
                Effort effort = sequence % 2 == 0 ? Effort.FULL : Effort.LEFT_OUT;
                Round round = worker.learn(Linear.batch(sequence), sequence, effort);
                Optional<Round.NewVersion> again = other.relearn(
                        effort.isLeftOut() ? Linear.batch(sequence, misleading(sequence)) : Linear.batch(sequence),
                        sequence,
                        effort);
                assertThat(round.published().isPresent()).isEqualTo(!effort.isLeftOut());
                assertThat(again.map(Round.NewVersion::weights))
                        .isEqualTo(round.published().map(Round.NewVersion::weights));
            }

            assertThat(other.checkpoints().whole())
                    .isEqualTo(worker.checkpoints().whole());
        }
    }
}
