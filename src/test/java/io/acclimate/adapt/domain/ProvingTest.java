package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.answers.PrequentialAnswers;
import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.AnswerSettings;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.gate.GateSettings;
import io.acclimate.gate.Paired;
import io.acclimate.train.LabelledBatch;
import io.acclimate.wire.v1.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProvingTest {
    private static final int CLASSES = 5;

    private final BaseModel model = Linear.model();
    private final ActiveVersion active = new ActiveVersion(model);
    private final Holdout holdout = new Holdout(16);
    private final ReplayBuffer replay = new ReplayBuffer(16);
    private final PrequentialAnswers answers = new PrequentialAnswers(AnswerSettings.defaults());
    private final Proving proving = proving(GateSettings.Rule.PROVEN);

    @AfterEach
    void close() {
        active.close();
        model.close();
    }

    /** Of a source model that knows its classes. */
    private Proving provingOfATrainedModel() {
        return new Proving(
                GateSettings.defaults(),
                model.graph().with(Linear.version(0, 1, 2, 3, 4)),
                active,
                holdout,
                replay,
                answers,
                Proving.ListSigns.NONE);
    }

    private Proving proving(GateSettings.Rule rule) {
        return new Proving(
                GateSettings.defaults().withRule(rule),
                model.graph(),
                active,
                holdout,
                replay,
                answers,
                Proving.ListSigns.NONE);
    }

    private static Checkpoint saved(Proving proving) {
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        proving.save(checkpoint);
        return checkpoint.build();
    }

    private static BaseModel.Predicted classes(List<Integer> classes) {
        return new BaseModel.Predicted(
                classes,
                List.of(),
                classes.stream()
                        .map(each -> FloatTensor.wrap(Shape.of(CLASSES), new float[CLASSES]))
                        .toList());
    }

    /** So many samples of all classes in turn, on which the source model is right and what serves is wrong. */
    private static void seeWorse(Proving proving, int count) {
        List<ReplaySample> samples = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<Integer> wrong = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(Linear.sample("image-" + i, i % CLASSES, i % CLASSES));
            labels.add(i % CLASSES);
            wrong.add((i % CLASSES + 1 + i % (CLASSES - 1)) % CLASSES);
        }
        proving.see(samples, classes(labels), classes(wrong));
    }

    private static void seeOneClass(Proving proving, int count) {
        List<ReplaySample> samples = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(Linear.sample("image-" + i, 3, 3));
            labels.add(3);
        }
        proving.see(samples, classes(labels), classes(labels));
    }

    @Test
    void anImageThatIsHeldAndPixelsThatAreReplayedAreNoNewEvidence() {
        holdout.restore(List.of(Linear.sample("held", 0, 1)), List.of());
        replay.add(Linear.sample("replayed", 2, 2), new SplitMix64(1));

        proving.see(
                List.of(Linear.sample("held", 1, 1), Linear.sample("again", 2, 2), Linear.sample("new", 3, 3)),
                classes(List.of(0, 0, 0)),
                classes(List.of(1, 2, 3)));

        assertThat(saved(proving).getProof().getClassesMap()).isEqualTo(Map.of(3, 1));
    }

    @Test
    void untilSomethingIsTrainedTheCandidateAnswersAsWhatServes() {
        proving.see(List.of(Linear.sample("a", 1, 1)), classes(List.of(0)), classes(List.of(1)));

        // Class 1 of 9 states each: candidate and active version are both ahead, (1 + 1) · 3 + 1 + 1.
        assertThat(saved(proving).getProof().getRecentList()).containsExactly(9 + 8);
    }

    @Test
    void theCandidateAnswersWithWhatWasTrainedSince() {
        LabelledBatch batch = new LabelledBatch(FloatTensor.stack(List.of(Linear.row(1))), List.of(1));
        for (int i = 0; i < 5; i++) {
            active.trainer().step(batch, Optional.empty());
        }
        active.trained();

        proving.see(List.of(Linear.sample("a", 1, 1)), classes(List.of(0)), classes(List.of(0)));

        // The candidate is ahead, and the active version is not: (1 + 1) · 3 + 0 + 1.
        assertThat(saved(proving).getProof().getRecentList()).containsExactly(9 + 7);
    }

    @Test
    void whereNoProofIsAskedForNothingIsScoredMissingOrLost() {
        Proving none = proving(GateSettings.Rule.NON_INFERIOR);
        none.promoted();
        seeWorse(none, 300);

        assertThat(saved(none).hasProof()).isFalse();
        assertThat(none.missing(Paired.NONE)).isEmpty();
        assertThat(none.lost()).isEmpty();
        assertThat(none.trainedAstray()).isEmpty();
        assertThat(none.newSuspicion(Linear.batch(0), Linear.TIME)).isEmpty();
    }

    @Test
    void whatIsWorseIsNotProvenLosesItsProofAndHasTrainedAstray() {
        proving.promoted();
        seeWorse(proving, 300);

        assertThat(proving.missing(Paired.NONE)).isNotEmpty();
        assertThat(proving.lost()).isPresent();
        assertThat(proving.trainedAstray()).isPresent();

        proving.restarted();

        assertThat(proving.trainedAstray()).isEmpty();
        assertThat(proving.lost()).isPresent();
    }

    /** So many samples of all classes in turn, on which what serves is right and the source model is wrong. */
    private static void seeBetter(Proving proving, int count) {
        List<ReplaySample> samples = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<Integer> wrong = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = i * 7 % 11 % CLASSES;
            samples.add(Linear.sample("image-" + i, label, label));
            labels.add(label);
            wrong.add((label + 1 + i % (CLASSES - 1)) % CLASSES);
        }
        proving.see(samples, classes(wrong), classes(labels));
    }

    private static final Effort HASTE = new Effort(5);

    private static long watchedOf64(Proving proving, Effort effort) {
        return LongStream.range(0, 64)
                .filter(sequence -> proving.watches(Linear.batch(sequence), effort))
                .count();
    }

    private static long judged(Proving proving, Effort effort, int trainedOf, LongStream sequences) {
        return sequences
                .filter(sequence -> proving.judges(Linear.batch(sequence), effort, trainedOf))
                .count();
    }

    private static long judgedOf64(Proving proving, Effort effort) {
        return judged(proving, effort, 2, LongStream.range(0, 64));
    }

    @Test
    void aWorkerThatIsBehindWatchesEveryMiniBatchUntilAVersionIsProven() {
        assertThat(watchedOf64(proving, HASTE)).isEqualTo(64);

        proving.promoted();

        assertThat(watchedOf64(proving, HASTE)).isBetween(8L, 24L);
        assertThat(watchedOf64(proving, Effort.FULL)).isEqualTo(64);
    }

    @Test
    void aWorkerThatIsBehindAsksTheHoldoutWhenNothingElseIsMissing() {
        seeWorse(proving, 64);
        assertThat(judged(proving, HASTE, 1, LongStream.range(0, 1024)))
                .as("one in 16 says how far it is")
                .isBetween(48L, 80L);
        assertThat(judgedOf64(proving, Effort.FULL)).isEqualTo(64);

        proving.afresh();
        seeBetter(proving, 200);

        assertThat(proving.missing(Paired.NONE)).isEmpty();
        assertThat(judgedOf64(proving, HASTE)).isEqualTo(64);
    }

    @Test
    void howFarTheProofIsIsToldAlsoWhereLabelsAlternateWithRecordsOfImages() {
        seeWorse(proving, 64);

        assertThat(judged(proving, HASTE, 1, LongStream.range(0, 1024).map(i -> 2 * i + 1)))
                .as("odd numbers")
                .isBetween(48L, 80L);
    }

    @Test
    void howFarTheProofIsIsToldAsOftenWhereStepsAreMadeForAShareOfTheMiniBatches() {
        seeWorse(proving, 64);

        assertThat(judged(proving, HASTE, 4, LongStream.range(0, 1024)))
                .as("of the fourth for which steps are made, a fourth")
                .isBetween(212L, 300L);
        assertThat(judged(proving, HASTE, 64, LongStream.range(0, 64)))
                .as("each where these are fewer than one in 16")
                .isEqualTo(64);
    }

    @Test
    void ofVersionsFromBeforeTheEffortSaysWhatIsWatchedAndJudged() {
        GateSettings.Proven now = GateSettings.Proven.defaults();
        GateSettings before = GateSettings.defaults()
                .withProven(new GateSettings.Proven(
                        now.level(),
                        now.classShare(),
                        now.suspicion(),
                        GateSettings.Watch.BY_EFFORT,
                        now.withdrawal()));
        Proving old = new Proving(before, model.graph(), active, holdout, replay, answers, Proving.ListSigns.NONE);

        assertThat(watchedOf64(old, HASTE)).isBetween(8L, 24L);
        assertThat(judgedOf64(old, HASTE)).isEqualTo(64);
    }

    @Test
    void thatLabelsAreOfTooFewClassesIsLoggedOnceWithTheOptionThatHelps() {
        List<ReplaySample> samples = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            samples.add(Linear.sample("image-" + i, i % CLASSES, i % 2));
            labels.add(i % 2);
        }
        proving.see(samples, classes(labels), classes(labels));

        try (LogLines log = new LogLines(Proving.class)) {
            proving.newSuspicion(Linear.batch(0), Linear.TIME);
            proving.newSuspicion(Linear.batch(1), Linear.TIME);

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("classes"))
                    .singleElement()
                    .asString()
                    .contains("its 300 labels name 2 of the 5 classes, and no version serves before 4 have labels")
                    .contains("--gate-classes 0.4");
        }
    }

    @Test
    void aPromotionStartsTheCountOfSamplesThatAnOperatorsChoiceEnds() {
        proving.promoted();
        seeWorse(proving, 7);
        assertThat(saved(proving).getProof().getServedSince()).isEqualTo(7);

        proving.chosen();

        assertThat(saved(proving).getProof().getServedSince()).isEqualTo(-1);
        assertThat(saved(proving).getProof().getRecentList()).isEmpty();
    }

    @Test
    void aVersionThatTheGuardWentBackToHasItsProofAndNoneOfTheEvidenceSince() {
        seeWorse(proving, 7);

        proving.wentBack();

        assertThat(saved(proving).getProof().getServedSince()).isZero();
        assertThat(saved(proving).getProof().getRecentList()).isEmpty();
        assertThat(saved(proving).getProof().getClassesMap()).hasSize(CLASSES);
    }

    @Test
    void beginningAfreshForgetsTheClassesSeenAsDoesACheckpointWithoutAProof() {
        Proving restored = proving(GateSettings.Rule.PROVEN);
        seeWorse(proving, 10);
        seeWorse(restored, 10);

        proving.afresh();
        restored.restore(Checkpoint.getDefaultInstance());

        assertThat(saved(proving).getProof().getClassesMap()).isEmpty();
        assertThat(saved(restored)).isEqualTo(saved(proving));
    }

    @Test
    void continuesFromACheckpointAsIfNothingHadHappened() {
        proving.promoted();
        seeOneClass(proving, 300);
        assertThat(proving.newSuspicion(Linear.batch(0), Linear.TIME)).isPresent();
        seeWorse(proving, 30);
        Proving restored = proving(GateSettings.Rule.PROVEN);

        restored.restore(saved(proving));

        assertThat(saved(proving).getProof().getSuspected()).isEqualTo("ONE_CLASS");
        assertThat(saved(restored)).isEqualTo(saved(proving));
    }

    /** Scores by which the source model names class 0 for each image, and its second choice is right. */
    private static BaseModel.Predicted misled(List<Integer> truth) {
        return new BaseModel.Predicted(
                truth.stream().map(each -> 0).toList(),
                List.of(),
                truth.stream()
                        .map(each -> {
                            float[] scores = new float[CLASSES];
                            scores[each] = 1;
                            scores[0] += 5;
                            return FloatTensor.wrap(Shape.of(CLASSES), scores);
                        })
                        .toList());
    }

    private static void seeShifted(Proving proving, int from, int to) {
        Random random = new Random(from);
        for (int i = from; i < to; i += 10) {
            List<Integer> truth = random.ints(10, 0, CLASSES).boxed().toList();
            List<ReplaySample> samples = new ArrayList<>();
            for (int j = 0; j < truth.size(); j++) {
                int label = (truth.get(j) + 1) % CLASSES;
                samples.add(Linear.sample("shifted-" + (i + j), label, label));
            }
            proving.see(samples, misled(truth), misled(truth));
        }
    }

    @Test
    void aShiftedListIsFoundByScoresWhereTheSourceModelNamesOneClassForAllAndASavedProofGoesOn() {
        Proving proving = provingOfATrainedModel();
        Proving restored = provingOfATrainedModel();
        seeShifted(proving, 0, 60);
        restored.restore(saved(proving));

        seeShifted(proving, 60, 120);
        seeShifted(restored, 60, 120);

        assertThat(proving.missing(Paired.NONE))
                .anySatisfy(each -> assertThat(each).startsWith("the labels look like a list of classes shifted by 1"));
        assertThat(saved(restored)).isEqualTo(saved(proving));
    }

    @Test
    void theMeanOfScoresIsThatOfTheDomainAsItIs() {
        Proving proving = provingOfATrainedModel();
        seeShifted(proving, 0, 60);
        assertThat(saved(proving).getProof().getScored()).isEqualTo(60);

        proving.domainChanged();
        assertThat(saved(proving).getProof().getScored()).isZero();
        assertThat(saved(proving).getProof().getCentredPairsList()).isNotEmpty();
        seeShifted(proving, 60, 120);
        proving.relabelled();

        assertThat(saved(proving).getProof().getScored()).isZero();
        assertThat(saved(proving).getProof().getCentredPairsList()).isEmpty();
    }

    @Test
    void whichClassesAreAlikeIsLearntFromTheSourceModelsScoresAndForgottenWithTheLabelSet() {
        Proving proving = provingOfATrainedModel();

        seeShifted(proving, 0, 60);

        List<Double> likeness = saved(proving).getProof().getLikenessList();
        assertThat(likeness).hasSize(CLASSES + CLASSES * CLASSES + CLASSES * (CLASSES + 1) / 2);
        assertThat(likeness.subList(0, CLASSES).stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isEqualTo(60);
        assertThat(likeness.subList(CLASSES, likeness.size())).anyMatch(sum -> sum != 0);

        proving.relabelled();

        assertThat(saved(proving).getProof().getLikenessList()).isEmpty();
    }

    @Test
    void aShiftedListThatPicturesShowKeepsCandidatesFromServingAndIsToldOnce() {
        List<String> shown = new ArrayList<>();
        Proving proving = new Proving(
                GateSettings.defaults(), model.graph(), active, holdout, replay, answers, new Proving.ListSigns() {
                    @Override
                    public Optional<String> shifted() {
                        return shown.stream().findFirst();
                    }

                    @Override
                    public Optional<String> newlyShifted() {
                        return shown.size() == 1 ? shifted() : Optional.empty();
                    }
                });
        assertThat(proving.newSuspicion(Linear.batch(0), Linear.TIME)).isEmpty();

        shown.add("a list that is off by one");

        assertThat(proving.missing(Paired.NONE)).contains("a list that is off by one");
        assertThat(proving.newSuspicion(Linear.batch(1), Linear.TIME)).isPresent();
        shown.add("told already");
        assertThat(proving.newSuspicion(Linear.batch(2), Linear.TIME)).isEmpty();
        assertThat(proving.lost())
                .as("nothing serves that could lose its proof")
                .isEmpty();
        proving.promoted();
        assertThat(proving.lost()).contains("a list that is off by one");
    }

    @Test
    void ofVersionsFromBeforeItIsNotKept() {
        GateSettings.Proven now = GateSettings.Proven.defaults();
        GateSettings before = GateSettings.defaults()
                .withProven(new GateSettings.Proven(
                        now.level(),
                        now.classShare(),
                        GateSettings.Suspicion.CENTRED_SCORES,
                        now.watch(),
                        now.withdrawal()));
        Proving old = new Proving(
                before,
                model.graph().with(Linear.version(0, 1, 2, 3, 4)),
                active,
                holdout,
                replay,
                answers,
                Proving.ListSigns.NONE);

        seeShifted(old, 0, 60);

        assertThat(saved(old).getProof().getCentredPairsList()).isNotEmpty();
        assertThat(saved(old).getProof().getLikenessList()).isEmpty();
    }
}
