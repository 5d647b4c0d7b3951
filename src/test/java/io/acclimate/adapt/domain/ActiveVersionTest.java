package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.FloatTensor;
import io.acclimate.infer.ModelSession;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.Trainer;
import io.acclimate.wire.v1.Checkpoint;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActiveVersionTest {
    private static final FloatTensor ROWS = FloatTensor.stack(List.of(Linear.row(0), Linear.row(1)));

    private final BaseModel model = Linear.model();
    private final ActiveVersion active = new ActiveVersion(model);

    @AfterEach
    void close() {
        active.close();
        model.close();
    }

    private void assertClosed(ModelSession session) {
        assertThatThrownBy(() -> session.run(ROWS)).isInstanceOf(IllegalStateException.class);
    }

    private void assertOpen(ModelSession session) {
        assertThat(session.run(ROWS).shape().extent(0)).isEqualTo(2);
    }

    @Test
    void beginsWithTheSourceModelsSession() {
        assertThat(active.session()).isSameAs(model.source());
        assertThat(active.weights()).isEqualTo(WeightDelta.EMPTY);
        assertThat(active.trainer().steps()).isZero();
    }

    @Test
    void aPromotionClosesTheOldSessionAndKeepsTheTrainer() {
        Trainer trainer = active.trainer();
        trainer.step(new LabelledBatch(ROWS, List.of(1, 2)), Optional.empty());
        active.trained();
        ModelSession first = active.candidate();
        active.promote();
        assertOpen(first);
        assertOpen(model.source());

        trainer.step(new LabelledBatch(ROWS, List.of(1, 2)), Optional.empty());
        active.trained();
        ModelSession second = active.candidate();
        active.promote();

        assertClosed(first);
        assertThat(active.session()).isSameAs(second);
        assertThat(active.weights()).isEqualTo(trainer.average());
        assertThat(active.trainer()).isSameAs(trainer);
    }

    @Test
    void anExistingVersionIsServedAndTrainedOnFromItsWeights() {
        active.trainer().step(new LabelledBatch(ROWS, List.of(1, 2)), Optional.empty());
        Trainer before = active.trainer();

        active.become(5, Linear.version(1, 2));

        assertThat(BaseModel.predict(active.session(), ROWS).classes()).containsExactly(1, 2);
        assertThat(active.trainer()).isNotSameAs(before);
        assertThat(active.trainer().steps()).isZero();
        assertThat(active.trainer().weights()).isEqualTo(Linear.version(1, 2));
    }

    @Test
    void goingBackToTheSourceModelBorrowsItsSession() {
        active.become(5, Linear.version(1, 2));
        ModelSession own = active.session();

        active.become(0, WeightDelta.EMPTY);

        assertThat(active.session()).isSameAs(model.source());
        assertClosed(own);
    }

    @Test
    void closingFreesItsOwnSessionAndNeverTheSourceModels() {
        active.become(5, Linear.version(1, 2));
        ModelSession own = active.session();

        active.close();
        new ActiveVersion(model).close();

        assertClosed(own);
        assertOpen(model.source());
        active.become(0, WeightDelta.EMPTY);
    }

    private ModelSession trainedCandidate() {
        active.trainer().step(new LabelledBatch(ROWS, List.of(1, 2)), Optional.empty());
        active.trained();
        return active.candidate();
    }

    @Test
    void aCandidateIsClosedWhenTrainingMovesOn() {
        ModelSession candidate = trainedCandidate();

        active.trained();

        assertClosed(candidate);
    }

    @Test
    void aCandidateIsClosedWhenAnotherVersionIsChosen() {
        ModelSession candidate = trainedCandidate();

        active.become(5, Linear.version(1, 2));

        assertClosed(candidate);
        assertOpen(active.session());
    }

    @Test
    void aCandidateIsClosedWhenTrainingStartsFromAlignedWeights() {
        ModelSession candidate = trainedCandidate();
        assertThat(active.isAligned()).isFalse();

        active.align(Linear.version(3, 4));

        assertClosed(candidate);
        assertThat(active.isAligned()).isTrue();
        assertThat(active.trainer().weights()).isEqualTo(Linear.version(3, 4));
        assertThat(BaseModel.predict(active.candidate(), ROWS).classes()).containsExactly(3, 4);
    }

    @Test
    void trainingThatStartsAgainIsNotAligned() {
        active.align(Linear.version(3, 4));

        active.restartTraining();

        assertThat(active.isAligned()).isFalse();
        assertThat(active.candidate()).isSameAs(model.source());
    }

    @Test
    void closingFreesTheCandidateToo() {
        ModelSession candidate = trainedCandidate();

        active.close();

        assertClosed(candidate);
        active.become(0, WeightDelta.EMPTY);
    }

    private static final LabelledBatch BATCH = new LabelledBatch(ROWS, List.of(1, 2));

    @Test
    void restingClosesTheSessionsAndChangesNoBit() {
        try (ActiveVersion undisturbed = new ActiveVersion(model)) {
            for (ActiveVersion each : List.of(active, undisturbed)) {
                each.become(5, Linear.version(1, 2));
                each.trainer().step(BATCH, Optional.empty());
                each.trained();
            }
            ModelSession own = active.session();
            ModelSession candidate = active.candidate();

            active.rest();

            assertClosed(own);
            assertClosed(candidate);
            for (ActiveVersion each : List.of(active, undisturbed)) {
                each.trainer().step(BATCH, Optional.empty());
                each.trained();
            }
            assertThat(active.weights()).isEqualTo(Linear.version(1, 2));
            assertThat(TrainerState.fingerprint(active.trainer()))
                    .isEqualTo(TrainerState.fingerprint(undisturbed.trainer()));
            assertThat(active.trainer().steps()).isEqualTo(2);
            assertThat(active.candidate().run(ROWS))
                    .isEqualTo(undisturbed.candidate().run(ROWS));
        }
    }

    @Test
    void anAlignedStartAndAPromotionSurviveARest() {
        active.align(Linear.version(3, 4));
        active.rest();
        assertThat(active.isAligned()).isTrue();
        assertThat(active.trainer().weights()).isEqualTo(Linear.version(3, 4));
        trainedCandidate();
        active.promote();
        WeightDelta promoted = active.weights();

        active.rest();

        assertThat(active.weights()).isEqualTo(promoted);
        assertThat(active.session()).isNotSameAs(model.source());
    }

    @Test
    void aDomainThatRestsTwiceKeepsItsWeights() {
        active.become(5, Linear.version(1, 2));

        active.rest();
        active.rest();

        assertThat(active.weights()).isEqualTo(Linear.version(1, 2));
    }

    @Test
    void whatARoundWithoutStepsAsksOfTrainingIsKnownWithoutTheTrainer() {
        active.trainer().step(BATCH, Optional.empty());
        active.trained();
        FloatTensor scores = active.candidate().run(ROWS);
        long fingerprint = active.fingerprint();
        active.rest();
        int before = model.trainersOpened();

        assertThat(active.steps()).isOne();
        assertThat(active.fingerprint()).isEqualTo(fingerprint);
        assertThat(active.candidate().run(ROWS)).isEqualTo(scores);

        assertThat(model.trainersOpened()).isEqualTo(before);
        assertThat(TrainerState.fingerprint(active.trainer())).isEqualTo(fingerprint);
    }

    @Test
    void theFingerprintIsOfTheTrainerAsItIsNow() {
        active.trainer().step(BATCH, Optional.empty());
        long first = active.fingerprint();
        Checkpoint.Builder state = Checkpoint.newBuilder().setOptimizerSteps(1);
        TrainerState.save(active.trainer(), state);
        active.trainer().step(BATCH, Optional.empty());
        assertThat(active.fingerprint()).isNotEqualTo(first).isEqualTo(TrainerState.fingerprint(active.trainer()));

        active.restoreTraining(state.build());
        assertThat(active.fingerprint()).isEqualTo(first);
        active.restartTraining();
        assertThat(active.steps()).isZero();
        assertThat(active.fingerprint()).isNotEqualTo(first).isEqualTo(TrainerState.fingerprint(active.trainer()));
    }

    @Test
    void trainingThatWasRestoredOrBegunAgainIsWhatComesBackAfterARest() {
        active.trainer().step(BATCH, Optional.empty());
        Checkpoint.Builder other = Checkpoint.newBuilder().setOptimizerSteps(1);
        TrainerState.save(active.trainer(), other);
        long restored = active.fingerprint();
        active.restartTraining();
        active.trainer().step(new LabelledBatch(ROWS, List.of(3, 4)), Optional.empty());
        active.rest();

        active.restoreTraining(other.build());
        active.rest();
        assertThat(TrainerState.fingerprint(active.trainer())).isEqualTo(restored);

        active.restartTraining();
        active.rest();
        assertThat(active.trainer().steps()).isZero();
        assertThat(active.candidate()).isSameAs(model.source());
    }

    @Test
    void aPromotedCandidateThatWasNotTrainedSinceNeedsNoSessionOfItsOwnAfterARest() {
        trainedCandidate();
        active.promote();
        active.rest();
        int before = model.sessionsOpened();

        assertThat(active.candidate()).isSameAs(active.session());

        assertThat(model.sessionsOpened()).isEqualTo(before + 1);
        active.trainer().step(BATCH, Optional.empty());
        active.trained();
        assertThat(active.candidate()).isNotSameAs(active.session());
    }

    @Test
    void trainingThatBeginsAgainIsKnownByNothingOfTheOldOne() {
        trainedCandidate();
        long old = active.fingerprint();
        active.promote();

        active.restartTraining();
        active.trainer().step(new LabelledBatch(ROWS, List.of(3, 4)), Optional.empty());
        active.trained();

        assertThat(active.steps()).as("as many as the old one had made").isOne();
        assertThat(active.fingerprint()).isNotEqualTo(old).isEqualTo(TrainerState.fingerprint(active.trainer()));
        assertThat(active.candidate()).isNotSameAs(active.session());
    }
}
