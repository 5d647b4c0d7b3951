package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.core.MiniBatch;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.StartSample;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeptSamplesTest {
    private static final MiniBatch BATCH = Linear.batch(
            0,
            List.of(
                    Linear.labelled("a", 0, 1, ""),
                    Linear.labelled("b", 1, 2, ""),
                    Linear.labelled("unknown", 2, 1, "unheard-of"),
                    Linear.labelled("d", 3, 3, "")));

    private final BaseModel model = Linear.model();

    @AfterEach
    void close() {
        model.close();
    }

    private static SampleRef ref(long offset, int index) {
        return SampleRef.newBuilder().setOffset(offset).setIndex(index).build();
    }

    private static Checkpoint checkpoint(List<SampleRef> holdout, List<SampleRef> replay) {
        return Checkpoint.newBuilder()
                .addAllHoldout(holdout)
                .addAllReplay(replay)
                .build();
    }

    private KeptSamples kept(Checkpoint checkpoint) {
        return new KeptSamples(checkpoint, Linear.decoder(model), Shelf.HEAP);
    }

    private static List<String> ids(List<ReplaySample> samples) {
        return samples.stream().map(each -> each.imageId().value()).toList();
    }

    @Test
    void saysWhichRecordsTheCheckpointNeeds() {
        KeptSamples kept = kept(checkpoint(List.of(ref(7, 0)), List.of(ref(5, 1), ref(9, 0), ref(7, 0))));

        assertThat(kept.wanted()).as("a sample in both counts once").isEqualTo(3);
        assertThat(kept.offsets()).containsExactlyInAnyOrder(5L, 7L, 9L);
    }

    @Test
    void aCheckpointWithoutSamplesNeedsNoRecord() {
        KeptSamples none = kept(Checkpoint.getDefaultInstance());

        assertThat(none.offsets()).isEmpty();
        assertThat(none.gone()).isZero();
    }

    @Test
    void givesTheSamplesInTheOrderOfTheCheckpointAndLeavesOutWhatIsLost() {
        List<SampleRef> replay = List.of(ref(5, 3), ref(4, 0), ref(5, 2), ref(5, 0));
        KeptSamples kept = kept(checkpoint(List.of(), replay));

        kept.add(BATCH, 5);

        assertThat(ids(kept.of(replay))).containsExactly("d", "a");
        assertThat(kept.of(replay)).extracting(ReplaySample::offset).containsOnly(5L);
        assertThat(kept.gone())
                .as("the record at offset 4; the unknown class is there")
                .isEqualTo(1);
    }

    @Test
    void theBestVersionsHitsFollowTheHoldoutSamplesThatAreLeft() {
        Checkpoint checkpoint = checkpoint(List.of(ref(4, 0), ref(5, 0), ref(5, 1)), List.of()).toBuilder()
                .addHoldoutBest(false)
                .addHoldoutBest(true)
                .addHoldoutBest(false)
                .build();
        KeptSamples kept = kept(checkpoint);
        kept.add(BATCH, 5);

        Checkpoint left = kept.among(checkpoint);

        assertThat(left.getHoldoutBestList()).containsExactly(true, false);
        assertThat(left.getHoldoutList()).isEqualTo(checkpoint.getHoldoutList());
    }

    @Test
    void pixelsOfAnotherFormAreLeftToTheMiniBatches() {
        List<SampleRef> replay = List.of(ref(3, 0), ref(3, 1));
        KeptSamples kept = kept(checkpoint(List.of(), replay));
        SampleDecoder decoder = Linear.decoder(model);

        kept.add(decoder.kept(Linear.sample("a", 0, 1)), decoder.form());
        kept.add(decoder.kept(Linear.sample("b", 1, 2)), "levels of another card");

        assertThat(ids(kept.of(replay))).containsExactly("a");
        assertThat(kept.offsets()).containsExactly(3L);
    }

    @Test
    void aStartOfTheFirstBuildThatWroteThemHasImages() {
        KeptSamples kept = kept(checkpoint(List.of(), List.of(ref(5, 1))));
        MiniBatchCodec codec = new MiniBatchCodec();
        StartSample raw;
        try {
            raw = StartSample.newBuilder()
                    .setAt(ref(5, 1))
                    .setSample(io.acclimate.wire.v1.MiniBatch.parseFrom(codec.encode(BATCH))
                            .getSamples(1))
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }

        kept.add(raw, "");

        assertThat(kept.of(List.of(ref(5, 1)))).singleElement().satisfies(sample -> assertThat(sample.row())
                .isEqualTo(Linear.row(1)));
    }
}
