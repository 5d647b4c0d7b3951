package io.acclimate.adapt.domain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.RetentionSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.adapt.versions.RemovedVersion;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.VersionId;
import io.acclimate.gate.GateSettings;
import io.acclimate.infer.BiasModel;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.ListedVersion;
import io.acclimate.train.LossTerms;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import io.acclimate.wire.v1.SampleRef;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckpointsTest {
    private final BaseModel model = Linear.model();
    private final DomainWorker worker = worker();

    @AfterEach
    void close() {
        worker.close();
        model.close();
    }

    private DomainWorker worker() {
        return worker(Linear.settings());
    }

    private DomainWorker worker(AdaptSettings settings) {
        return Linear.worker(model, settings);
    }

    private Round.Saved learn(int from, int to) {
        Round.Saved saved = null;
        for (int sequence = from; sequence < to; sequence++) {
            saved = worker.learn(Linear.batch(sequence), sequence).saved();
        }
        if (saved == null) {
            throw new AssertionError("no mini-batch");
        }
        return saved;
    }

    private KeptSamples kept(Checkpoint checkpoint) {
        KeptSamples kept = new KeptSamples(checkpoint, Linear.decoder(model), Shelf.HEAP);
        for (int sequence = 0; sequence < 12; sequence++) {
            kept.add(Linear.batch(sequence), sequence);
        }
        return kept;
    }

    private void restore(DomainWorker successor, Checkpoint checkpoint, long generation, WeightDelta weights) {
        KeptSamples kept = kept(checkpoint);
        successor
                .checkpoints()
                .restore(
                        checkpoint,
                        generation,
                        weights,
                        kept.of(checkpoint.getHoldoutList()),
                        kept.of(checkpoint.getReplayList()),
                        kept.of(checkpoint.getUnlabelledList()));
    }

    @Test
    void aSuccessorKnowsWhichVersionTheSnapshotNeedsThatItContinuesFrom() {
        AdaptSettings settings = Linear.settings().withRetention(new RetentionSettings(1, 0, 0));
        try (DomainWorker first = worker(settings);
                DomainWorker successor = worker(settings)) {
            for (int sequence = 0; sequence < 8; sequence++) {
                var unused = first.learn(Linear.batch(sequence), sequence);
            }
            restore(successor, first.checkpoints().whole(), 8, first.activeWeights());
            assertThat(successor.learn(Linear.batch(8), 8).saved()).isInstanceOf(Round.Saved.Since.class);

            Round round = successor.learn(Linear.batch(9), 9);

            assertThat(round.changes().removed()).containsExactly(new RemovedVersion(8, 1));
            assertThat(round.saved()).isInstanceOf(Round.Saved.Snapshot.class);
        }
    }

    @Test
    void aSuccessorKnowsThePicturesThatHadALabel() {
        AdaptSettings settings =
                Linear.settings().withEvaluation(AdaptSettings.defaults().evaluation());
        try (DomainWorker first = worker(settings);
                DomainWorker successor = worker(settings)) {
            for (int sequence = 0; sequence < 6; sequence++) {
                var unused = first.learn(Linear.batch(sequence), sequence);
            }
            Checkpoint checkpoint = first.checkpoints().whole();

            restore(successor, checkpoint, 6, first.activeWeights());

            assertThat(checkpoint.getSeenPictures().getNewerList()).hasSize(4);
            assertThat(successor.checkpoints().whole()).isEqualTo(checkpoint);
            var undisturbed = first.learn(Linear.batch(6), 6);
            var continued = successor.learn(Linear.batch(6), 6);
            assertThat(continued.published()).isEqualTo(undisturbed.published());
            assertThat(successor.checkpoints().whole())
                    .isEqualTo(first.checkpoints().whole());
        }
    }

    @Test
    void versionsThatAreTakenOverFromTheTopicAreInTheNextCheckpointWhole() {
        Checkpoint snapshot = ((Round.Saved.Snapshot) learn(0, 8)).whole();
        Checkpoint fromBeforeRetention = snapshot.toBuilder().clearPublishing().build();
        try (DomainWorker successor = worker()) {
            restore(successor, fromBeforeRetention, 8, worker.activeWeights());
            successor.reconcile(List.of(new ListedVersion(8, Linear.TIME, 1, "", false)));

            Round.Saved saved = successor.learn(Linear.batch(8), 8).saved();

            assertThat(saved).isInstanceOf(Round.Saved.Snapshot.class);
            assertThat(((Round.Saved.Snapshot) saved).whole().getPublishing().getKeptList())
                    .extracting(each -> each.getNumber())
                    .containsExactly(8L, 9L);
        }
    }

    @Test
    void aSuccessorContinuesFromASnapshotWithTheSameBits() {
        Round.Saved.Snapshot snapshot = (Round.Saved.Snapshot) learn(0, 8);
        try (DomainWorker successor = worker()) {
            restore(successor, snapshot.whole(), snapshot.generation(), worker.activeWeights());
            assertThat(successor.checkpoints().whole()).isEqualTo(snapshot.whole());

            Round next = successor.learn(Linear.batch(8), 8);
            Round original = worker.learn(Linear.batch(8), 8);

            assertThat(next.saved()).isEqualTo(original.saved());
            assertThat(next.published().map(Round.NewVersion::weights))
                    .isEqualTo(original.published().map(Round.NewVersion::weights));
            assertThat(successor.checkpoints().whole())
                    .isEqualTo(worker.checkpoints().whole());
        }
    }

    @Test
    void aSuccessorContinuesAdversarialAlignmentWithTheSameBits() {
        AdaptSettings settings = Linear.settings();
        AdaptSettings dann = settings.withTrain(
                settings.train().withTerms(settings.train().terms().withAlignment(1, LossTerms.Align.DANN, "")));
        try (BaseModel aligned = new BaseModel(BiasModel.graph(), dann.train());
                DomainWorker first = withSource(aligned, dann);
                DomainWorker successor = withSource(aligned, dann)) {
            Round.Saved saved = null;
            for (int sequence = 0; sequence < 8; sequence++) {
                saved = first.learn(Linear.batch(sequence), sequence).saved();
            }
            Round.Saved.Snapshot snapshot = (Round.Saved.Snapshot) requireNonNull(saved);
            restore(successor, snapshot.whole(), snapshot.generation(), first.activeWeights());

            Round next = successor.learn(Linear.batch(8), 8);
            Round original = first.learn(Linear.batch(8), 8);

            assertThat(WeightDelta.parse(snapshot.whole().getOptimizer().toByteArray())
                            .tensors())
                    .containsKey("domain classifier/steps");
            assertThat(WeightDelta.parse(snapshot.whole().getWeights().toByteArray())
                            .tensors())
                    .containsOnlyKeys("b", "w");
            assertThat(Linear.event(next, AdaptationEvent.Trained.class).losses())
                    .containsKey("align");
            assertThat(next.published().map(Round.NewVersion::weights))
                    .isEqualTo(original.published().map(Round.NewVersion::weights));
            assertThat(successor.checkpoints().whole())
                    .isEqualTo(first.checkpoints().whole());
        }
    }

    /** Rows are mixed and covered at random there, and what is judged depends on what is proven. */
    @Test
    void aSuccessorOfAWorkerThatIsBehindAndHasProvenNothingGoesOnWithTheSameBits() {
        AdaptSettings settings = Linear.settings();
        AdaptSettings unproven = settings.withGate(settings.gate().withRule(GateSettings.Rule.PROVEN))
                .withSteps(settings.steps().withReplay(7, 64).withChanges(StepSettings.RowChanges.defaults()));
        Effort haste = new Effort(2);
        try (BaseModel trained = new BaseModel(BiasModel.graph().with(Linear.version(3, 1)), unproven.train());
                DomainWorker first = withSource(trained, unproven);
                DomainWorker successor = withSource(trained, unproven)) {
            for (int sequence = 0; sequence < 8; sequence++) {
                var unused = first.learn(Linear.batch(sequence), sequence, haste);
            }
            restore(successor, first.checkpoints().whole(), 8, first.activeWeights());
            for (int sequence = 8; sequence < 12; sequence++) {
                assertThat(successor
                                .learn(Linear.batch(sequence), sequence, haste)
                                .events())
                        .isEqualTo(first.learn(Linear.batch(sequence), sequence, haste)
                                .events());
            }

            assertThat(first.lineage().active()).isEqualTo(VersionId.SOURCE);
            assertThat(successor.checkpoints().whole())
                    .isEqualTo(first.checkpoints().whole());
        }
    }

    private static DomainWorker withSource(BaseModel model, AdaptSettings settings) {
        return new DomainWorker(
                Linear.CAMERA,
                settings,
                model,
                new SourceSet(Optional.of(Linear.source(0, 1, 2, 3, 4)), 0, model.source()),
                Linear.decoder(model),
                Clock.fixed(Linear.TIME, ZoneOffset.UTC));
    }

    @Test
    void aSnapshotNamesItsSamplesByTheirPlaceAndTheBaseModel() {
        Checkpoint whole = ((Round.Saved.Snapshot) learn(0, 8)).whole();

        assertThat(whole.getBaseDigest()).isEqualTo(model.base().hex());
        assertThat(whole.getOptimizerSteps()).isPositive();
        assertThat(whole.getHoldoutCount()).isPositive().isEqualTo(whole.getHoldoutBestCount());
        assertThat(whole.getHoldoutBestList()).contains(true);
        assertThat(whole.getReplayList())
                .hasSize(64)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(whole.getHoldoutList())
                .extracting(SampleRef::getOffset)
                .contains(0L, 7L);
        assertThat(whole.getReplaySeenMap().values().stream()
                        .mapToLong(each -> each)
                        .sum())
                .isEqualTo(whole.getSamplesSeen());
    }

    @Test
    void repeatedRoundsArriveAtTheStateThatWasReached() {
        Progress progress = ((Round.Saved.Since) learn(0, 3)).progress();
        try (DomainWorker successor = worker()) {
            for (int sequence = 0; sequence < 2; sequence++) {
                var unused = successor.relearn(Linear.batch(sequence), sequence, Effort.FULL);
            }
            assertThat(successor.checkpoints().arrivedAt(progress))
                    .as("one round is missing")
                    .isFalse();
            var unused = successor.relearn(Linear.batch(2), 2, Effort.FULL);

            assertThat(successor.checkpoints().arrivedAt(progress)).isTrue();
            assertThat(successor
                            .checkpoints()
                            .arrivedAt(progress.toBuilder().setFingerprint(1).build()))
                    .isFalse();
            successor.checkpoints().arrive(progress, 9);
            Round.Saved next = successor.learn(Linear.batch(3), 3).saved();
            assertThat(next.generation()).isEqualTo(10);
            assertThat(((Round.Saved.Since) next).progress())
                    .isEqualTo(((Round.Saved.Since)
                                    worker.learn(Linear.batch(3), 3).saved())
                            .progress());
        }
    }

    /** Such a record is left by a build of before label times were kept, when it is killed and this one takes over. */
    @Test
    void roundsThatAnOlderBuildRecordedWithoutTheTimeOfTheLastLabelAreRepeated() {
        Progress.Builder progress = ((Round.Saved.Since) learn(0, 1)).progress().toBuilder();
        progress.getReachedBuilder().clearLastLabelTime();
        try (DomainWorker successor = worker()) {
            var unused = successor.relearn(Linear.batch(0), 0, Effort.FULL);

            assertThat(successor.checkpoints().arrivedAt(progress.build())).isTrue();
        }
    }

    @Test
    void repeatedRoundsThatEndWithAnotherLabelThanWasReachedAreNoticed() {
        Progress.Builder progress = ((Round.Saved.Since) learn(0, 1)).progress().toBuilder();
        progress.getReachedBuilder().getLastLabelTimeBuilder().setSeconds(1);
        try (DomainWorker successor = worker()) {
            var unused = successor.relearn(Linear.batch(0), 0, Effort.FULL);

            assertThat(successor.checkpoints().arrivedAt(progress.build())).isFalse();
        }
    }

    @Test
    void aRestartLeavesOutAgainWhatWasLeftOut() {
        assertThat(learn(0, 2).generation()).isEqualTo(2);
        Round.Saved saved = worker.learn(Linear.batch(2), 2, Effort.LEFT_OUT).saved();
        Progress progress = ((Round.Saved.Since) saved).progress();
        try (DomainWorker successor = worker()) {
            for (int i = 0; i < 3; i++) {
                var unused = successor.relearn(Linear.batch(i), i, Checkpoints.effort(progress, i));
            }

            assertThat(successor.checkpoints().arrivedAt(progress)).isTrue();
            assertThat(successor.learn(Linear.batch(3), 3).published().map(Round.NewVersion::weights))
                    .isPresent()
                    .isEqualTo(worker.learn(Linear.batch(3), 3).published().map(Round.NewVersion::weights));
        }
    }

    @Test
    void aStateThatCannotBeRepeatedIsContinuedFromItsActiveVersionAndSavedWhole() {
        Progress progress = ((Round.Saved.Since) learn(0, 3)).progress();
        try (DomainWorker successor = worker()) {
            successor.checkpoints().adopt(progress.getReached(), 3, worker.activeWeights());

            assertThat(successor.lineage().active()).isEqualTo(worker.lineage().active());
            assertThat(successor.activeWeights()).isEqualTo(worker.activeWeights());
            assertThat(successor.expects(Linear.batch(2))).isFalse();
            assertThat(successor.checkpoints().whole().getOptimizerSteps()).isZero();
            Round.Saved saved = successor.learn(Linear.batch(3), 3).saved();
            assertThat(saved).isInstanceOf(Round.Saved.Snapshot.class);
            assertThat(saved.generation()).isEqualTo(4);
        }
    }

    @Test
    void whatAnotherVersionOfTheSameNumberAnsweredIsForgottenWhenRoundsCannotBeRepeated() {
        var unused = learn(0, 3);
        Checkpoint repeated = worker.checkpoints().whole();
        assertThat(repeated.getHoldoutBestList()).contains(true);
        assertThat(repeated.getHoldoutActiveList()).contains(true);

        // Answers class 0 everywhere, and no label is 0.
        worker.checkpoints().adopt(repeated, 3, Linear.version());

        Checkpoint adopted = worker.checkpoints().whole();
        assertThat(adopted.getActiveVersion()).isEqualTo(repeated.getActiveVersion());
        assertThat(adopted.getHoldoutList()).isEqualTo(repeated.getHoldoutList());
        assertThat(adopted.getHoldoutBestList())
                .hasSameSizeAs(adopted.getHoldoutList())
                .containsOnly(false);
        assertThat(adopted.getHoldoutActiveList()).doesNotContain(true);
    }

    @Test
    void anOrderlyStopWritesASnapshotUnlessTheLastRoundDid() {
        var unused = learn(0, 3);

        Optional<Round.Saved> stopped = worker.checkpoints().stop();

        assertThat(stopped)
                .contains(new Round.Saved.Snapshot(worker.checkpoints().whole(), 3));
        assertThat(worker.checkpoints().stop()).isEmpty();
    }

    @Test
    void whereStateWasLostIsInTheProvenanceOfLaterVersions() {
        assertThat(worker.checkpoints().takenUpFrom()).isEmpty();
        worker.checkpoints().takenUpFrom(12);

        Round round = worker.learn(Linear.batch(0), 20);

        assertThat(round.published().orElseThrow().provenance()).containsEntry("takenUpFrom", "12");
    }
}
