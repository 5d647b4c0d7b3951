package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.core.VersionId;
import io.acclimate.gate.GateSettings;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.v1.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DomainWorkerProofTest {
    private static final AdaptSettings PROVEN =
            Linear.settings().withGate(Linear.settings().gate().withRule(GateSettings.Rule.PROVEN));

    private final BaseModel model = Linear.model();
    private final List<DomainWorker> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(DomainWorker::close);
        model.close();
    }

    private DomainWorker worker(AdaptSettings settings) {
        DomainWorker worker = Linear.worker(model, settings);
        open.add(worker);
        return worker;
    }

    /** All samples of a class have the same pixels, so of several slices only the first would count. */
    @Test
    void eachSampleIsScoredForTheProofOnceAndNothingIsPublishedBefore() {
        StepSettings steps = PROVEN.steps();
        DomainWorker worker = worker(PROVEN.withSteps(new StepSettings(
                steps.batchSize(),
                steps.replaySteps(),
                new StepSettings.Early(256, 3, 32),
                steps.replayCapacity(),
                steps.replayBytes(),
                steps.standIns(),
                steps.changes())));

        Round round = worker.learn(Linear.batch(0), 0);

        assertThat(worker.checkpoints().whole().getProof().getClassesMap()).isEqualTo(Map.of(1, 8, 2, 8, 3, 8, 4, 8));
        assertThat(round.published()).isEmpty();
    }

    @Test
    void aDomainThatBeginsAfreshKeepsNothingThatWasLearnt() {
        DomainWorker worker = worker(Linear.settings());
        worker.learn(Linear.batch(0), 0);
        Checkpoint learnt = worker.checkpoints().whole();
        assertThat(learnt.getActiveVersion()).isEqualTo(1);
        assertThat(learnt.getHoldoutCount()).isPositive();
        assertThat(learnt.getReplayCount()).isPositive();

        worker.afresh(Linear.batch(1), "labels prove it worse");

        Checkpoint afresh = worker.checkpoints().whole();
        assertThat(afresh.getActiveVersion()).isEqualTo(VersionId.SOURCE);
        assertThat(worker.activeWeights()).isEqualTo(WeightDelta.EMPTY);
        assertThat(afresh.getHoldoutCount()).isZero();
        assertThat(afresh.getReplayCount()).isZero();
        assertThat(afresh.getAlignment().getRefused()).isTrue();
        assertThat(afresh.getOptimizerSteps()).isZero();
    }

    @Test
    void aProofIsLostOnlyByAVersionThatServes() {
        DomainWorker worker = worker(PROVEN);
        worker.learn(Linear.batch(0), 0);

        assertThat(worker.lineage().active()).isEqualTo(VersionId.SOURCE);
        assertThat(worker.guard().proofLost()).isEmpty();
    }
}
