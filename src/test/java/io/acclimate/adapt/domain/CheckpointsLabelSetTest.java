package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.gate.GateSettings;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Proof;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What of a checkpoint holds under another label set. */
class CheckpointsLabelSetTest {
    private final BaseModel model = Linear.model();
    private final DomainWorker worker = Linear.worker(model, Linear.settings());

    @AfterEach
    void close() {
        worker.close();
        model.close();
    }

    @Test
    void aCheckpointOfAnotherBaseModelIsRecognised() {
        Checkpoint own = worker.checkpoints().whole();

        assertThat(worker.checkpoints().isOfAnotherLabelSet(own)).isFalse();
        assertThat(worker.checkpoints()
                        .isOfAnotherLabelSet(own.toBuilder().clearBaseDigest().build()))
                .as("written before base digests were")
                .isFalse();
        assertThat(worker.checkpoints()
                        .isOfAnotherLabelSet(
                                own.toBuilder().setBaseDigest("another").build()))
                .isTrue();
    }

    @Test
    void anotherLabelSetKeepsTheSamplesAndComparesWithTheActiveVersionAnew() {
        Checkpoint reached = worker.checkpoints().whole().toBuilder()
                .setActiveVersion(2)
                .addActiveHistory(2)
                .setLastVersion(2)
                .build();

        worker.checkpoints()
                .changeLabelSet(
                        reached,
                        5,
                        Linear.version(1, 2),
                        List.of(Linear.sample("a", 0, 1), Linear.sample("b", 1, 3)),
                        List.of(Linear.sample("c", 0, 4), Linear.sample("d", 1, 4), Linear.sample("e", 2, 2)));

        Checkpoint whole = worker.checkpoints().whole();
        assertThat(whole.getHoldoutBestList()).containsExactly(true, false);
        assertThat(whole.getReplaySeenMap()).containsOnly(Map.entry(4, 2L), Map.entry(2, 1L));
        assertThat(whole.getReplayCount()).isEqualTo(3);
        assertThat(worker.activeWeights()).isEqualTo(Linear.version(1, 2));
        assertThat(worker.learn(Linear.batch(0), 0).saved()).isInstanceOf(Round.Saved.Snapshot.class);
    }

    /** The window packs class indexes by their number, so under another number they would be read as other classes. */
    @Test
    void anotherLabelSetTakesOverNothingThatWasSeenOfLabels() {
        try (DomainWorker asked = Linear.worker(model, Linear.settings().withGate(GateSettings.defaults()))) {
            asked.learn(Linear.batch(0), 0);
            Checkpoint.Builder reached = asked.checkpoints().whole().toBuilder();
            assertThat(reached.getStandInCountsList())
                    .as("of changes of pictures")
                    .isNotEmpty();
            reached.getProofBuilder()
                    .clearWindow()
                    .addAllWindow(Collections.nCopies(300, 23L))
                    .setSuspected("RANDOM");
            for (int i = 0; i < reached.getProofBuilder().getLabelsCount(); i++) {
                reached.getProofBuilder().setLabels(i, 20);
            }

            asked.checkpoints().changeLabelSet(reached.build(), 5, WeightDelta.EMPTY, List.of(), List.of());

            Proof proof = asked.checkpoints().whole().getProof();
            assertThat(proof.getWindowList()).isEmpty();
            assertThat(proof.getSuspected()).isEmpty();
            assertThat(proof.getLabelsList()).isNotEmpty().containsOnly(0);
            assertThat(asked.checkpoints().whole().getStandInCountsList()).isEmpty();
        }
    }

    @Test
    void anotherLabelSetMayLeaveNoSample() {
        worker.checkpoints().changeLabelSet(worker.checkpoints().whole(), 5, WeightDelta.EMPTY, List.of(), List.of());

        assertThat(worker.checkpoints().whole().getHoldoutCount()).isZero();
    }
}
