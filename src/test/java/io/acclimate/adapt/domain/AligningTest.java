package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.UnlabelledSettings;
import io.acclimate.adapt.settings.UnlabelledSettings.Use;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.MiniBatch.UnlabelledImage;
import io.acclimate.core.Payload;
import io.acclimate.core.Shape;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.Samples;
import io.acclimate.wire.v1.Alignment;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.SampleRef;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AligningTest {
    private static final int RECORD = 32;

    private final BaseModel model =
            new BaseModel(AdaptFixture.sourceModel(), AdaptSettings.defaults().train());
    private final SourceSet source = new SourceSet(Optional.of(new SourceRows()), 0, model.source());
    private final List<DomainWorker> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(DomainWorker::close);
        active.close();
        model.close();
    }

    private final class SourceRows implements Samples {
        @Override
        public int size() {
            return 128;
        }

        @Override
        public FloatTensor row(int index) {
            return AligningTest.this.row(index, 1, 0);
        }

        @Override
        public int label(int index) {
            return index % 10;
        }
    }

    private FloatTensor row(int seed, float scale, float shift) {
        Shape shape = model.graph().card().input().row();
        Random random = new Random(seed);
        float brightness = (float) random.nextGaussian();
        float slope = (float) random.nextGaussian();
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            float pattern = brightness + slope * (i % 32 - 16) / 16f + 0.3f * (float) random.nextGaussian();
            values[i] = scale * pattern + shift;
        }
        return FloatTensor.wrap(shape, values);
    }

    private FloatTensor target(int index) {
        return row(1000 + index, 0.3f, 0.7f);
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

    private static Payload payload(FloatTensor row) {
        return new Payload(Bytes.wrap(row.toLittleEndian()), Optional.of(Payload.TENSOR_F32));
    }

    /** The record of images without labels with this sequence. */
    private MiniBatch images(int sequence) {
        List<UnlabelledImage> images = IntStream.range(sequence * RECORD, (sequence + 1) * RECORD)
                .mapToObj(i -> new UnlabelledImage(
                        new ImageId("image-" + i), payload(target(i)), new Coordinates("images", 0, i)))
                .toList();
        return MiniBatch.unlabelled(Linear.CAMERA, sequence, images, Linear.TIME);
    }

    /** A mini-batch of other images of the domain, labelled as {@code worker} classifies them now. */
    private MiniBatch labelledAsServedBy(DomainWorker worker, int sequence) {
        List<FloatTensor> rows = IntStream.range(0, RECORD)
                .mapToObj(i -> target(5000 + 100 * sequence + i))
                .toList();
        List<Integer> classes = worker.served(FloatTensor.stack(rows));
        List<LabelledSample> samples = IntStream.range(0, RECORD)
                .mapToObj(i -> new LabelledSample(
                        new ImageId("labelled-" + sequence + "-" + i),
                        classes.get(i),
                        "",
                        payload(rows.get(i)),
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
        assertThat(learn(worker, images(0)).published()).isEmpty();

        Round round = learn(worker, images(1));

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
        learn(worker, images(0));

        Round round = learn(worker, images(1));

        assertThat(isAligned(worker)).isTrue();
        assertThat(round.published()).isEmpty();
        assertThat(worker.lineage().active()).isEqualTo(VersionId.SOURCE);
    }

    @Test
    void estimatesAgainOnlyFromTwiceAsManyImages() {
        DomainWorker worker = worker(Use.ALIGN);
        List<Integer> estimated = new ArrayList<>();

        for (int sequence = 0; sequence < 9; sequence++) {
            learn(worker, images(sequence)).events().stream()
                    .map(AdaptationEvent.Aligned.class::cast)
                    .filter(event -> event.tensors() > 0)
                    .forEach(event -> estimated.add(event.images()));
        }

        assertThat(estimated).containsExactly(64, 128, 256);
    }

    @Test
    void imagesChangeNothingWhenTheyAreNotAskedFor() {
        DomainWorker worker = worker(Use.OFF);
        learn(worker, images(0));

        Round round = learn(worker, images(1));

        assertThat(round.events()).isEmpty();
        assertThat(worker.checkpoints().whole().getUnlabelledCount()).isZero();
        assertThat(worker.expects(images(1))).isFalse();
    }

    @Test
    void firstLabelsThatAgreeWithTheSourceModelEndIt() {
        DomainWorker worker = worker(Use.ALIGN);
        learn(worker, images(0));
        learn(worker, images(1));
        assertThat(isAligned(worker)).isTrue();

        learn(worker, labelledAsServedBy(worker(Use.OFF), 2));

        assertThat(isAligned(worker)).isFalse();
        assertThat(worker.checkpoints().whole().getAlignment().getRefused()).isTrue();
        learn(worker, images(3));
        learn(worker, images(4));
        assertThat(isAligned(worker)).isFalse();
    }

    @Test
    void firstLabelsThatAgreeWithTheAlignedWeightsKeepIt() {
        DomainWorker served = worker(Use.SERVE);
        DomainWorker worker = worker(Use.ALIGN);
        for (int sequence = 0; sequence < 2; sequence++) {
            learn(served, images(sequence));
            learn(worker, images(sequence));
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

        List<Round> rounds = List.of(learn(worker, images(1)), learn(worker, images(2)));

        assertThat(rounds).allSatisfy(round -> assertThat(round.published()).isEmpty());
        assertThat(isAligned(worker)).isFalse();
    }

    @Test
    void whatAnOperatorWentBackFromIsNotAlignedAgain() {
        DomainWorker worker = worker(Use.SERVE);
        learn(worker, images(0));
        learn(worker, images(1));
        AdaptationEvent.Controlled back =
                new AdaptationEvent.Controlled(Linear.CAMERA, Linear.TIME, "1", "rollback", true, "back");
        worker.activate(VersionId.SOURCE, WeightDelta.EMPTY, Activation.Cause.ROLLBACK, back, Linear.TIME);

        for (int sequence = 2; sequence < 5; sequence++) {
            assertThat(learn(worker, images(sequence)).published()).isEmpty();
        }

        assertThat(worker.lineage().active()).isEqualTo(VersionId.SOURCE);
    }

    @Test
    void aSuccessorContinuesFromASnapshotWithTheSameBits() {
        DomainWorker worker = worker(Use.ALIGN);
        List<MiniBatch> records = new ArrayList<>(List.of(images(0), images(1), images(2)));
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
        for (MiniBatch next : List.of(images(3), labelled)) {
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
        learn(worker, images(0));
        again.relearn(images(0), 0, Effort.FULL);

        Round.NewVersion made = learn(worker, images(1)).published().orElseThrow();

        assertThat(again.relearn(images(1), 1, Effort.FULL)
                        .orElseThrow()
                        .weights()
                        .digest())
                .isEqualTo(made.weights().digest());
    }

    private final ActiveVersion active = new ActiveVersion(model);
    private final Position position = new Position(Linear.CAMERA, AdaptSettings.defaults());
    private final CountingShelf shelf = new CountingShelf();

    /** Keeps two records of images. */
    private Aligning keepingTwoRecords() {
        return new Aligning(
                new UnlabelledSettings(Use.ALIGN, 2 * RECORD), Linear.decoder(model), source, active, position, shelf);
    }

    private Aligning.Result take(Aligning aligning, int sequence) {
        return aligning.take(images(sequence), sequence).orElseThrow();
    }

    private static Checkpoint saved(Aligning aligning) {
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        aligning.save(checkpoint);
        return checkpoint.build();
    }

    @Test
    void keepsTheNewestImagesAndEstimatesAgainWhenAllOfThemAreNew() {
        Aligning aligning = keepingTwoRecords();
        List<Boolean> estimated = new ArrayList<>();

        for (int sequence = 0; sequence < 6; sequence++) {
            estimated.add(take(aligning, sequence).tensors() > 0);
        }

        assertThat(estimated).containsExactly(false, true, false, true, false, true);
        assertThat(shelf.kept()).hasSize(2 * RECORD);
        Checkpoint.Builder whole = Checkpoint.newBuilder();
        aligning.saveWhole(whole);
        assertThat(whole.getUnlabelledList().stream().map(SampleRef::getOffset).distinct())
                .containsExactly(4L, 5L);
    }

    @Test
    void saysWhatKeepsImagesFromBeingUsed() {
        Aligning aligning = keepingTwoRecords();
        assertThat(take(aligning, 0).outcome()).isEqualTo("kept: too few are new");
        position.pause(true);
        assertThat(take(aligning, 1).outcome()).isEqualTo("kept: training is paused");
        position.pause(false);
        position.trainedOn(1);
        assertThat(take(aligning, 2).outcome()).isEqualTo("kept: labels are trained on already");

        aligning.refuse();

        assertThat(take(aligning, 3).outcome())
                .isEqualTo("kept: labels or an operator spoke against what was aligned to them");
        assertThat(active.isAligned()).isFalse();
    }

    @Test
    void alignedWeightsThatHaveAsManyOfTheFirstLabelsRightAreKept() {
        Aligning aligning = keepingTwoRecords();
        assertThat(aligning.isUnjudged()).as("nothing is aligned").isFalse();
        take(aligning, 0);
        take(aligning, 1);
        assertThat(aligning.isUnjudged()).isTrue();

        aligning.judge(5, 5);
        assertThat(active.isAligned()).isTrue();
        aligning.judge(4, 5);

        assertThat(active.isAligned()).isFalse();
        assertThat(aligning.isUnjudged()).isFalse();
    }

    @Test
    void alignedWeightsThatServeAreNotJudgedByTheFirstLabels() {
        Aligning aligning = keepingTwoRecords();
        take(aligning, 0);
        take(aligning, 1);

        aligning.serving(1);

        assertThat(aligning.isUnjudged()).isFalse();
    }

    @Test
    void aCheckpointSaysOfImagesOnlyWhatThereIsAndASuccessorSaysTheSame() {
        Aligning aligning = keepingTwoRecords();
        assertThat(saved(aligning).hasAlignment()).isFalse();
        take(aligning, 0);
        Checkpoint some = saved(aligning);
        take(aligning, 1);
        aligning.serving(3);
        Checkpoint estimated = saved(aligning);
        Aligning refusing = keepingTwoRecords();
        refusing.refuse();

        assertThat(some.getAlignment())
                .isEqualTo(Alignment.newBuilder().setSince(RECORD).build());
        assertThat(estimated.getAlignment())
                .isEqualTo(Alignment.newBuilder()
                        .setEstimatedFrom(2 * RECORD)
                        .setServed(3)
                        .build());
        assertThat(saved(refusing).getAlignment())
                .isEqualTo(Alignment.newBuilder().setRefused(true).build());
        for (Checkpoint each : List.of(some, estimated, saved(refusing))) {
            Aligning successor = keepingTwoRecords();
            successor.adopt(each);
            assertThat(saved(successor)).isEqualTo(each);
        }
    }

    @Test
    void aRestoreKeepsTheImagesOfTheCheckpointAndDropsAllOthers() {
        Aligning aligning = keepingTwoRecords();
        take(aligning, 0);
        ReplaySample image =
                new ReplaySample(9, 1, new ImageId("image"), ReplaySample.NO_CLASS, new HeapRow(target(777)));

        aligning.restore(Checkpoint.getDefaultInstance(), List.of(image));

        assertThat(shelf.kept().keySet()).containsExactly(image.pixels());
        Checkpoint.Builder whole = Checkpoint.newBuilder();
        aligning.saveWhole(whole);
        assertThat(whole.getUnlabelledList())
                .containsExactly(SampleRef.newBuilder().setOffset(9).setIndex(1).build());
    }
}
