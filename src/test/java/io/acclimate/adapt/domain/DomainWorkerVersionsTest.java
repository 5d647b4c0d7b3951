package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.AnswerSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.adapt.settings.RetentionSettings;
import io.acclimate.adapt.versions.RemovedVersion;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.GateDecision;
import io.acclimate.core.VersionId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a domain publishes, with which temperature, at which pace, and what of it is removed. */
class DomainWorkerVersionsTest {
    private final BaseModel model = Linear.model();
    private DomainWorker worker = Linear.worker(model, Linear.settings());

    @AfterEach
    void close() {
        worker.close();
        model.close();
    }

    private void use(AdaptSettings settings) {
        worker.close();
        worker = Linear.worker(model, settings);
    }

    @Test
    void aCandidateThatIsBetterIsPublishedWithItsParentAndProvenance() {
        Round first = worker.learn(Linear.batch(0), 10);
        Round second = worker.learn(Linear.batch(1), 11);

        Round.NewVersion version = first.published().orElseThrow();
        assertThat(version.id()).isEqualTo(new VersionId(Linear.CAMERA, 1));
        assertThat(version.parent()).isZero();
        assertThat(version.provenance())
                .containsEntry("miniBatchOffset", "10")
                .containsEntry("source", "none")
                .containsEntry("candidateAccuracy", "1.0");
        assertThat(second.published().orElseThrow().parent()).isEqualTo(1);
        assertThat(worker.activeWeights())
                .isEqualTo(second.published().orElseThrow().weights());
        Activation activation = first.activation().orElseThrow();
        assertThat(activation.cause()).isEqualTo(Activation.Cause.PROMOTE);
        assertThat(activation.reason()).isEqualTo("promoted by the gate");
        assertThat(Linear.event(first, AdaptationEvent.Activated.class))
                .isEqualTo(new AdaptationEvent.Activated(Linear.CAMERA, Linear.TIME, activation, 0));
        assertThat(Linear.event(second, AdaptationEvent.Activated.class).previous())
                .isEqualTo(1);
        AdaptationEvent.Judged judged = Linear.event(first, AdaptationEvent.Judged.class);
        assertThat(judged.candidate()).isEqualTo(1);
        assertThat(judged.decision()).isEqualTo(new GateDecision.Promote());
        assertThat(judged.candidateAccuracy()).isEqualTo(1);
        assertThat(judged.activeAccuracy()).isZero();
        assertThat(judged.sourceAccuracy()).isZero();
        assertThat(judged.holdoutSize())
                .isEqualTo(Linear.event(first, AdaptationEvent.Trained.class).holdout());
        assertThat(activation.samplesSeen()).isEqualTo(32 - judged.holdoutSize());
        assertThat(worker.checkpoints().whole().getHoldoutBestList())
                .as("the promoted version is the best so far")
                .isNotEmpty()
                .doesNotContain(false);
    }

    @Test
    void onlyTheFirstVersionOfTheSourceModelDoesNotWaitForThePace() {
        use(Linear.settings().withPace(new PaceSettings(Duration.ofSeconds(2), Duration.ofSeconds(60), 0.01, 0, 0)));

        Round first = worker.learn(Linear.batch(0), 10);
        Round second = worker.learn(Linear.batch(1), 11);

        assertThat(first.published()).isPresent();
        assertThat(second.published()).isEmpty();
        assertThat(second.events())
                .as("judging it would be no use")
                .noneMatch(AdaptationEvent.Judged.class::isInstance);
        assertThat(worker.lineage().active()).isEqualTo(1);
    }

    @Test
    void versionThatRetentionDoesNotKeepIsRemovedByTheRoundThatPublishesANewerOne() {
        use(Linear.settings().withRetention(new RetentionSettings(1, 0, 0)));

        List<Round> rounds = List.of(
                worker.learn(Linear.batch(0), 10),
                worker.learn(Linear.batch(1), 11),
                worker.learn(Linear.batch(2), 12),
                worker.learn(Linear.batch(3), 13));

        assertThat(rounds).allSatisfy(round -> assertThat(round.published()).isPresent());
        assertThat(rounds)
                .extracting(round -> round.changes().removed())
                .containsExactly(
                        List.of(), List.of(), List.of(new RemovedVersion(1, 1)), List.of(new RemovedVersion(2, 1)));
        assertThat(worker.publishing().keeps(3)).as("it was active before").isTrue();
    }

    @Test
    void theRoundThatRemovesTheActiveVersionOfTheLastSnapshotWritesAnotherSnapshot() {
        use(Linear.settings().withRetention(new RetentionSettings(1, 0, 0)));
        for (int sequence = 0; sequence < 9; sequence++) {
            var unused = worker.learn(Linear.batch(sequence), sequence);
        }

        Round round = worker.learn(Linear.batch(9), 9);

        assertThat(round.changes().removed())
                .as("the snapshot after eight rounds has version 8 active")
                .containsExactly(new RemovedVersion(8, 1));
        assertThat(round.saved()).isInstanceOf(Round.Saved.Snapshot.class);
    }

    @Test
    void aVersionGetsATemperatureOnceEnoughSamplesWereHeldOrScored() {
        Round uncalibrated = worker.learn(Linear.batch(0), 0);
        Round round = uncalibrated;
        for (int sequence = 1;
                sequence < 64 && round.events().stream().noneMatch(AdaptationEvent.Calibrated.class::isInstance);
                sequence++) {
            round = worker.learn(Linear.batch(sequence), sequence);
        }

        AdaptationEvent.Calibrated calibrated = Linear.event(round, AdaptationEvent.Calibrated.class);
        Round.NewVersion version = round.published().orElseThrow();
        assertThat(uncalibrated.published().orElseThrow().temperature()).isOne();
        assertThat(uncalibrated.published().orElseThrow().provenance()).doesNotContainKey("temperature");
        assertThat(calibrated.version()).isEqualTo(version.id().number());
        assertThat(calibrated.samples()).isGreaterThanOrEqualTo(64);
        assertThat(version.temperature()).isEqualTo(calibrated.temperature()).isNotEqualTo(1);
        assertThat(version.provenance())
                .containsEntry("temperature", Double.toString(version.temperature()))
                .containsKeys("calibrationErrorBefore", "calibrationErrorAfter");
    }

    @Test
    void noTemperatureIsFittedWhereConfidenceIsRaw() {
        use(Linear.settings()
                .withEvaluation(Linear.settings()
                        .evaluation()
                        .withAnswers(Linear.settings()
                                .evaluation()
                                .answers()
                                .withConfidence(AnswerSettings.Confidence.RAW))));

        for (int sequence = 0; sequence < 24; sequence++) {
            Round round = worker.learn(Linear.batch(sequence), sequence);
            assertThat(round.published().map(Round.NewVersion::temperature).orElse(1.0))
                    .isOne();
        }
        assertThat(worker.checkpoints().whole().getHoldoutCount()).isGreaterThanOrEqualTo(64);
    }
}
