package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.acclimate.core.FloatTensor;
import io.acclimate.infer.BiasModel;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.LabelledBatch;
import io.acclimate.train.Trainer;
import io.acclimate.wire.v1.Checkpoint;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainerStateTest {
    private static final LabelledBatch BATCH =
            new LabelledBatch(FloatTensor.stack(List.of(Linear.row(1), Linear.row(2))), List.of(1, 2));

    private final BaseModel model = Linear.model();
    private final Trainer trainer = model.trainer(WeightDelta.EMPTY);

    @AfterEach
    void close() {
        trainer.close();
        model.close();
    }

    private static Checkpoint saved(Trainer trainer) {
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder().setOptimizerSteps(trainer.steps());
        TrainerState.save(trainer, checkpoint);
        return checkpoint.build();
    }

    @Test
    void aTrainerThatMadeNoStepIsTheActiveVersionAndSavesNothing() {
        assertThat(saved(trainer)).isEqualTo(Checkpoint.getDefaultInstance());

        TrainerState.restore(trainer, Checkpoint.getDefaultInstance());

        assertThat(trainer.steps()).isZero();
    }

    @Test
    void aRestoredTrainerMakesTheSameNextStep() {
        trainer.step(BATCH, Optional.empty());
        Checkpoint checkpoint = saved(trainer);
        try (Trainer restored = model.trainer(WeightDelta.EMPTY)) {
            TrainerState.restore(restored, checkpoint);
            assertThat(restored.steps()).isEqualTo(1);
            assertThat(saved(restored)).isEqualTo(checkpoint);
            assertThat(TrainerState.fingerprint(restored)).isEqualTo(TrainerState.fingerprint(trainer));

            trainer.step(BATCH, Optional.empty());
            restored.step(BATCH, Optional.empty());

            assertThat(restored.weights()).isEqualTo(trainer.weights());
            assertThat(TrainerState.fingerprint(restored)).isEqualTo(TrainerState.fingerprint(trainer));
        }
    }

    @Test
    void aCheckpointHoldsTheTensorsInTrainingOnly() {
        try (BaseModel head = new BaseModel(
                        BiasModel.graph(), Linear.settings().train().withTrainable("name:w"));
                Trainer part = head.trainer(Linear.version(1))) {
            part.step(BATCH, Optional.empty());

            WeightDelta weights = WeightDelta.parse(saved(part).getWeights().toByteArray());

            assertThat(weights.tensors()).containsOnlyKeys("w");
            assertThat(part.weights().tensors()).containsOnlyKeys("b", "w");
        }
    }

    @Test
    void aCheckpointOfOtherTensorsInTrainingLeavesTheTrainerWithTheActiveVersion() {
        trainer.step(BATCH, Optional.empty());
        WeightDelta after = trainer.weights();
        Checkpoint other = saved(trainer).toBuilder()
                .setWeights(ByteString.copyFrom(BiasModel.version(1).toBytes()))
                .setOptimizerSteps(9)
                .build();

        TrainerState.restore(trainer, other);

        assertThat(trainer.steps()).isEqualTo(1);
        assertThat(trainer.weights()).isEqualTo(after);
    }

    @Test
    void theFingerprintChangesWithEachStep() {
        long before = TrainerState.fingerprint(trainer);

        trainer.step(BATCH, Optional.empty());

        assertThat(TrainerState.fingerprint(trainer)).isNotEqualTo(before).isNotZero();
    }
}
