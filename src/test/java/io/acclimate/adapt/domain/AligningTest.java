package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.UnlabelledSettings;
import io.acclimate.adapt.settings.UnlabelledSettings.Use;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.core.Coordinates;
import io.acclimate.core.ImageId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.MiniBatch.UnlabelledImage;
import io.acclimate.wire.v1.Alignment;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.SampleRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class AligningTest {
    private final BaseModel model =
            new BaseModel(AdaptFixture.sourceModel(), AdaptSettings.defaults().train());
    private final SourceSet source = new SourceSet(Optional.of(FlatImages.source()), 0, model.source());
    private final ActiveVersion active = new ActiveVersion(model);
    private final Position position = new Position(Linear.CAMERA, AdaptSettings.defaults());
    private final CountingShelf shelf = new CountingShelf();

    @AfterEach
    void close() {
        active.close();
        model.close();
    }

    /** Keeps two records of images. */
    private Aligning keepingTwoRecords() {
        return new Aligning(
                new UnlabelledSettings(Use.ALIGN, 2 * FlatImages.RECORD),
                Linear.decoder(model),
                source,
                active,
                position,
                shelf);
    }

    private Aligning.Result take(Aligning aligning, int sequence) {
        return aligning.take(FlatImages.record(sequence), sequence).orElseThrow();
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
        assertThat(shelf.kept()).hasSize(2 * FlatImages.RECORD);
        Checkpoint.Builder whole = Checkpoint.newBuilder();
        aligning.saveWhole(whole);
        assertThat(whole.getUnlabelledList().stream().map(SampleRef::getOffset).distinct())
                .containsExactly(4L, 5L);
    }

    @Test
    void anImageThatTheModelCannotRunKeepsNoneOfTheOthersFromBeingUsed() {
        List<UnlabelledImage> images = new ArrayList<>();
        for (int i = 0; i < 2 * Aligning.FEWEST; i++) {
            images.add(new UnlabelledImage(
                    new ImageId("image-" + i),
                    FlatImages.payload(Categories.row(i == 13 ? 99 : i % 8)),
                    new Coordinates("images", 0, i)));
        }
        try (BaseModel categories = new BaseModel(
                        Categories.graph(), AdaptSettings.defaults().train());
                ActiveVersion version = new ActiveVersion(categories)) {
            Aligning aligning = new Aligning(
                    new UnlabelledSettings(Use.ALIGN, images.size()),
                    Linear.decoder(categories),
                    new SourceSet(Optional.empty(), 0, categories.source()),
                    version,
                    position,
                    shelf);

            Aligning.Result result = aligning.take(MiniBatch.unlabelled(Linear.CAMERA, 0, images, Linear.TIME), 0)
                    .orElseThrow();

            assertThat(result.tensors()).isPositive();
            assertThat(aligning.samples())
                    .hasSize(images.size() - 1)
                    .noneMatch(image -> image.imageId().value().equals("image-13"));
            assertThat(shelf.kept().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(images.size() - 1);
        }
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
                .isEqualTo(Alignment.newBuilder().setSince(FlatImages.RECORD).build());
        assertThat(estimated.getAlignment())
                .isEqualTo(Alignment.newBuilder()
                        .setEstimatedFrom(2 * FlatImages.RECORD)
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
        ReplaySample image = new ReplaySample(
                9, 1, new ImageId("image"), ReplaySample.NO_CLASS, new HeapRow(FlatImages.target(777)));

        aligning.restore(Checkpoint.getDefaultInstance(), List.of(image));

        assertThat(shelf.kept().keySet()).containsExactly(image.pixels());
        Checkpoint.Builder whole = Checkpoint.newBuilder();
        aligning.saveWhole(whole);
        assertThat(whole.getUnlabelledList())
                .containsExactly(SampleRef.newBuilder().setOffset(9).setIndex(1).build());
    }
}
