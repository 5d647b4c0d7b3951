package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.EvaluationSettings;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.GateDecision;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.OptimizerSettings;
import io.acclimate.train.Trainer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private static final GateDecision REJECTED = new GateDecision.Reject(List.of("worse"));

    private final ProvingFixture fixture = new ProvingFixture();
    private final ActiveVersion active = fixture.active;
    private final Position position =
            new Position(Linear.CAMERA, AdaptSettings.defaults().withSeed(1));

    @AfterEach
    void close() {
        fixture.close();
    }

    private Recovery recovery(AdaptSettings settings) {
        return new Recovery(
                Linear.CAMERA, settings, fixture.model.graph().card(), position, active, fixture.proving(settings));
    }

    @Test
    void trainingThatIsProvenWorseGetsSmallerStepsWhenSomebodyChoseTheRate() {
        Optional<AdaptationEvent> event = recovery(Linear.settings()).wentAstray("worse", Linear.batch(4), Linear.TIME);

        assertThat(event)
                .hasValue(new AdaptationEvent.Restarted(
                        Linear.CAMERA, Linear.TIME, Linear.batch(4).sequence(), 0, 0.5, "worse"));
    }

    @Test
    void trainingThatIsProvenWorseKeepsItsStepsWithTheRateThatIsFound() {
        AdaptSettings settings =
                Linear.settings().withTrain(Linear.settings().train().withOptimizer(OptimizerSettings.defaults()));

        assertThat(recovery(settings).wentAstray("worse", Linear.batch(4), Linear.TIME))
                .isEmpty();
        assertThat(position.stepSize().scale()).isEqualTo(1);
    }

    @Test
    void onlyTheLastOfSoManyRejectionsInARowStartsTrainingAgain() {
        Recovery recovery = recovery(Linear.settings());
        int limit = EvaluationSettings.defaults().resetAfterRejects();
        for (int i = 1; i < limit; i++) {
            assertThat(recovery.judged(REJECTED, Linear.batch(4), Linear.TIME)).isEmpty();
        }

        assertThat(recovery.judged(REJECTED, Linear.batch(4), Linear.TIME)).isPresent();
    }

    @Test
    void withAShrinkOfOneTrainingStartsAgainAsBuildsBeforeDidIt() {
        EvaluationSettings defaults = EvaluationSettings.defaults();
        AdaptSettings before = new AdaptSettings(
                Linear.settings().train(),
                Linear.settings().gate(),
                Linear.settings().steps(),
                new EvaluationSettings(
                        defaults.holdoutCapacity(),
                        defaults.sourceCheck(),
                        1,
                        1,
                        true,
                        defaults.answers(),
                        defaults.drift()),
                Linear.settings().delivery(),
                Linear.settings().unlabelled(),
                1);

        assertThat(recovery(before).judged(REJECTED, Linear.batch(4), Linear.TIME))
                .isEmpty();
        assertThat(position.stepSize().scale()).isEqualTo(1);
    }

    @Test
    void trainingThatIsProvenWorseBeginsAgainFromTheActiveVersionWithTheRateThatIsFound() {
        AdaptSettings settings =
                Linear.settings().withTrain(Linear.settings().train().withOptimizer(OptimizerSettings.defaults()));
        Trainer before = active.trainer();

        Optional<AdaptationEvent> event = recovery(settings).wentAstray("worse", Linear.batch(4), Linear.TIME);

        assertThat(event).isEmpty();
        assertThat(active.trainer()).isNotSameAs(before);
    }

    @Test
    void signsOfTheTrainingBeforeAreForgottenWhereNothingWasTrainedSince() {
        Optional<String> sign = Optional.of("the loss is not finite");
        assertThat(position.stepSize().diverged(sign)).isFalse();

        Optional<AdaptationEvent> event = recovery(Linear.settings())
                .beforeTraining(asked(List.of(Linear.sample("a", 1, 1))), Linear.batch(4), Linear.TIME);

        assertThat(event).isEmpty();
        assertThat(position.stepSize().diverged(sign))
                .as("it is the first again")
                .isFalse();
    }

    @Test
    void withoutSamplesARoundIsNoSignEitherWay() {
        Optional<String> sign = Optional.of("the loss is not finite");
        assertThat(position.stepSize().diverged(sign)).isFalse();

        Optional<AdaptationEvent> event =
                recovery(Linear.settings()).beforeTraining(Holdout.Others.NONE, Linear.batch(4), Linear.TIME);

        assertThat(event).isEmpty();
        assertThat(position.stepSize().diverged(sign)).isTrue();
    }

    @Test
    void stepsAreAsSmallAsThePositionSays() {
        LabelledBatch batch =
                new LabelledBatch(FloatTensor.stack(List.of(Linear.row(0), Linear.row(1))), List.of(1, 2));
        Recovery recovery = recovery(Linear.settings());
        recovery.trainer().step(batch, Optional.empty());
        double whole = largestWeight();
        active.restartTraining();
        position.stepSize().shrink(0.25);

        recovery.trainer().step(batch, Optional.empty());

        assertThat(whole).isPositive();
        assertThat(largestWeight()).isCloseTo(whole / 4, within(1e-4));
    }

    @Test
    void twoRoundsInARowThatShowDivergenceStartTrainingAgainWithHalfTheSteps() {
        LabelledBatch wrong = new LabelledBatch(FloatTensor.stack(List.of(Linear.row(1))), List.of(2));
        for (int i = 0; i < 5; i++) {
            active.trainer().step(wrong, Optional.empty());
        }
        // The source model has all of them right, so that any mistake is far above its loss.
        List<ReplaySample> fresh = IntStream.range(0, 8)
                .mapToObj(i -> Linear.sample("fresh-" + i, 1, 0))
                .toList();
        Recovery recovery = recovery(Linear.settings());

        Optional<AdaptationEvent> first = recovery.beforeTraining(asked(fresh), Linear.batch(4), Linear.TIME);
        Optional<AdaptationEvent> second = recovery.beforeTraining(asked(fresh), Linear.batch(5), Linear.TIME);

        assertThat(first).isEmpty();
        assertThat(second).get().isInstanceOfSatisfying(AdaptationEvent.Restarted.class, event -> assertThat(
                        event.reason())
                .startsWith("its loss on new samples is"));
        assertThat(position.stepSize().scale()).isEqualTo(0.5);
        assertThat(active.trainer().steps()).isZero();
    }

    /** The active version is taken to have answered what is not its answer: with one that is as bad, training has not failed. */
    @Test
    void whatTheActiveVersionAnsweredBeforeIsNotAskedForAgain() {
        LabelledBatch wrong = new LabelledBatch(FloatTensor.stack(List.of(Linear.row(1))), List.of(2));
        for (int i = 0; i < 5; i++) {
            active.trainer().step(wrong, Optional.empty());
        }
        List<ReplaySample> fresh = IntStream.range(0, 8)
                .mapToObj(i -> Linear.sample("fresh-" + i, 1, 0))
                .toList();
        FloatTensor training = active.trainer().outputs(SampleDecoder.rows(fresh));
        Holdout.Others answered = new Holdout.Others(
                fresh, fresh, IntStream.range(0, 8).mapToObj(training::row).toList());
        Recovery recovery = recovery(Linear.settings());

        Optional<AdaptationEvent> first = recovery.beforeTraining(answered, Linear.batch(4), Linear.TIME);
        Optional<AdaptationEvent> second = recovery.beforeTraining(answered, Linear.batch(5), Linear.TIME);

        assertThat(first).isEmpty();
        assertThat(second).isEmpty();
    }

    private static Holdout.Others asked(List<ReplaySample> fresh) {
        return new Holdout.Others(fresh, fresh, List.of());
    }

    private double largestWeight() {
        double largest = 0;
        for (float each : Objects.requireNonNull(
                        active.trainer().weights().tensors().get("w"))
                .values()) {
            largest = Math.max(largest, Math.abs(each));
        }
        return largest;
    }
}
