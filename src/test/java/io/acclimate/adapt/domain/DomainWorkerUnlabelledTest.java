package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.UnlabelledSettings.Use;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Coordinates;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.v1.Checkpoint;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a domain does with images that nobody has labelled yet. */
@Tag("slow")
class DomainWorkerUnlabelledTest {
    private final BaseModel model =
            new BaseModel(AdaptFixture.sourceModel(), AdaptSettings.defaults().train());
    private final SourceSet source = new SourceSet(Optional.of(FlatImages.source()), 0, model.source());
    private final List<DomainWorker> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(DomainWorker::close);
        model.close();
    }

    private DomainWorker worker(Use use) {
        AdaptSettings settings = AdaptSettings.defaults();
        DomainWorker worker = new DomainWorker(
                Linear.CAMERA,
                settings.withUnlabelled(settings.unlabelled().withUse(use)),
                model,
                source,
                Linear.decoder(model),
                Clock.fixed(Linear.TIME, ZoneOffset.UTC));
        open.add(worker);
        return worker;
    }

    /** A mini-batch of other images of the domain, labelled as {@code worker} classifies them now. */
    private MiniBatch labelledAsServedBy(DomainWorker worker, int sequence) {
        List<FloatTensor> rows = IntStream.range(0, FlatImages.RECORD)
                .mapToObj(i -> FlatImages.target(5000 + 100 * sequence + i))
                .toList();
        List<Integer> classes = worker.served(FloatTensor.stack(rows));
        List<LabelledSample> samples = IntStream.range(0, FlatImages.RECORD)
                .mapToObj(i -> new LabelledSample(
                        new ImageId("labelled-" + sequence + "-" + i),
                        classes.get(i),
                        "",
                        FlatImages.payload(rows.get(i)),
                        new Coordinates("labels", 0, i),
                        Linear.TIME))
                .toList();
        return new MiniBatch(Linear.CAMERA, sequence, MiniBatch.FlushCause.COUNT, samples, Linear.TIME, Linear.TIME);
    }

    private static Round learn(DomainWorker worker, MiniBatch batch) {
        return worker.learn(batch, batch.sequence());
    }

    private static boolean isAligned(DomainWorker worker) {
        return !worker.checkpoints().whole().getAlignment().getStart().isEmpty();
    }

    @Test
    void servesWhatWasAlignedBeforeAnyLabelByTheOperatorsWord() {
        DomainWorker worker = worker(Use.SERVE);
        assertThat(learn(worker, FlatImages.record(0)).published()).isEmpty();

        Round round = learn(worker, FlatImages.record(1));

        Round.NewVersion version = round.published().orElseThrow();
        assertThat(version.id().number()).isEqualTo(1);
        assertThat(version.provenance()).containsEntry("unlabelled", "SERVE");
        assertThat(worker.lineage().active()).isEqualTo(1);
        assertThat(worker.activeWeights().digest()).isEqualTo(version.weights().digest());
        assertThat(round.events())
                .hasAtLeastOneElementOfType(AdaptationEvent.Aligned.class)
                .hasAtLeastOneElementOfType(AdaptationEvent.Activated.class);
    }

    @Test
    void withoutThatWordTrainingStartsFromItAndTheSourceModelServes() {
        DomainWorker worker = worker(Use.ALIGN);
        learn(worker, FlatImages.record(0));

        Round round = learn(worker, FlatImages.record(1));

        assertThat(isAligned(worker)).isTrue();
        assertThat(round.published()).isEmpty();
        assertThat(worker.lineage().active()).isEqualTo(VersionId.SOURCE);
    }

    @Test
    void estimatesAgainOnlyFromTwiceAsManyImages() {
        DomainWorker worker = worker(Use.ALIGN);
        List<Integer> estimated = new ArrayList<>();

        for (int sequence = 0; sequence < 9; sequence++) {
            learn(worker, FlatImages.record(sequence)).events().stream()
                    .map(AdaptationEvent.Aligned.class::cast)
                    .filter(event -> event.tensors() > 0)
                    .forEach(event -> estimated.add(event.images()));
        }

        assertThat(estimated).containsExactly(64, 128, 256);
    }

    @Test
    void imagesChangeNothingWhenTheyAreNotAskedFor() {
        DomainWorker worker = worker(Use.OFF);
        learn(worker, FlatImages.record(0));

        Round round = learn(worker, FlatImages.record(1));

        assertThat(round.events()).isEmpty();
        assertThat(worker.checkpoints().whole().getUnlabelledCount()).isZero();
        assertThat(worker.expects(FlatImages.record(1))).isFalse();
    }

    @Test
    void firstLabelsThatAgreeWithTheSourceModelEndIt() {
        DomainWorker worker = worker(Use.ALIGN);
        learn(worker, FlatImages.record(0));
        learn(worker, FlatImages.record(1));
        assertThat(isAligned(worker)).isTrue();

        learn(worker, labelledAsServedBy(worker(Use.OFF), 2));

        assertThat(isAligned(worker)).isFalse();
        assertThat(worker.checkpoints().whole().getAlignment().getRefused()).isTrue();
        learn(worker, FlatImages.record(3));
        learn(worker, FlatImages.record(4));
        assertThat(isAligned(worker)).isFalse();
    }

    @Test
    void firstLabelsThatAgreeWithTheAlignedWeightsKeepIt() {
        DomainWorker served = worker(Use.SERVE);
        DomainWorker worker = worker(Use.ALIGN);
        for (int sequence = 0; sequence < 2; sequence++) {
            learn(served, FlatImages.record(sequence));
            learn(worker, FlatImages.record(sequence));
        }

        learn(worker, labelledAsServedBy(served, 2));

        assertThat(isAligned(worker)).isTrue();
        assertThat(worker.checkpoints().whole().getAlignment().getRefused()).isFalse();
    }

    @Test
    void nothingIsAlignedOnceLabelsWereTrainedOnAlsoWhenTrainingHasStartedAgain() {
        DomainWorker worker = worker(Use.SERVE);
        learn(worker, labelledAsServedBy(worker, 0));
        Checkpoint reached = worker.checkpoints().whole();
        assertThat(reached.getSamplesSeen()).isPositive();
        assertThat(reached.getActiveVersion()).isEqualTo(VersionId.SOURCE);
        worker.checkpoints().adopt(reached, 1, WeightDelta.EMPTY);
        assertThat(worker.checkpoints().whole().getOptimizerSteps()).isZero();

        List<Round> rounds = List.of(learn(worker, FlatImages.record(1)), learn(worker, FlatImages.record(2)));

        assertThat(rounds).allSatisfy(round -> assertThat(round.published()).isEmpty());
        assertThat(isAligned(worker)).isFalse();
    }

    @Test
    void whatAnOperatorWentBackFromIsNotAlignedAgain() {
        DomainWorker worker = worker(Use.SERVE);
        learn(worker, FlatImages.record(0));
        learn(worker, FlatImages.record(1));
        AdaptationEvent.Controlled back =
                new AdaptationEvent.Controlled(Linear.CAMERA, Linear.TIME, "1", "rollback", true, "back");
        worker.commanded().activate(VersionId.SOURCE, WeightDelta.EMPTY, Activation.Cause.ROLLBACK, back, Linear.TIME);

        for (int sequence = 2; sequence < 5; sequence++) {
            assertThat(learn(worker, FlatImages.record(sequence)).published()).isEmpty();
        }

        assertThat(worker.lineage().active()).isEqualTo(VersionId.SOURCE);
    }

    @Test
    void aSuccessorContinuesFromASnapshotWithTheSameBits() {
        DomainWorker worker = worker(Use.ALIGN);
        List<MiniBatch> records =
                new ArrayList<>(List.of(FlatImages.record(0), FlatImages.record(1), FlatImages.record(2)));
        records.forEach(record -> learn(worker, record));
        Checkpoint snapshot = worker.checkpoints().whole();
        DomainWorker successor = worker(Use.ALIGN);
        KeptSamples kept = new KeptSamples(snapshot, Linear.decoder(model), Shelf.HEAP);
        records.forEach(record -> kept.add(record, record.sequence()));

        successor
                .checkpoints()
                .restore(
                        snapshot,
                        3,
                        worker.activeWeights(),
                        kept.of(snapshot.getHoldoutList()),
                        kept.of(snapshot.getReplayList()),
                        kept.of(snapshot.getUnlabelledList()));

        assertThat(successor.checkpoints().whole()).isEqualTo(snapshot);
        MiniBatch labelled = labelledAsServedBy(worker, 4);
        for (MiniBatch next : List.of(FlatImages.record(3), labelled)) {
            learn(worker, next);
            learn(successor, next);
        }
        assertThat(successor.checkpoints().whole())
                .isEqualTo(worker.checkpoints().whole());
    }

    @Test
    void relearningTheSameRecordsMakesTheSameVersion() {
        DomainWorker worker = worker(Use.SERVE);
        DomainWorker again = worker(Use.SERVE);
        learn(worker, FlatImages.record(0));
        again.relearn(FlatImages.record(0), 0, Effort.FULL);

        Round.NewVersion made = learn(worker, FlatImages.record(1)).published().orElseThrow();

        assertThat(again.relearn(FlatImages.record(1), 1, Effort.FULL)
                        .orElseThrow()
                        .weights()
                        .digest())
                .isEqualTo(made.weights().digest());
    }
}
