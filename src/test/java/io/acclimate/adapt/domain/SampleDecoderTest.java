package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.core.Bytes;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Refusal;
import io.acclimate.dataset.Png;
import io.acclimate.image.RgbImage;
import io.acclimate.infer.BiasModel;
import io.acclimate.wire.v1.StartSample;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SampleDecoderTest {
    private final BaseModel model = Linear.model();
    private final SampleDecoder decoder = Linear.decoder(model);

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void aSampleIsItsRowItsClassAndItsPlaceOnTheTopic() {
        SampleDecoder.Decoded decoded = decoder.decode(
                Linear.batch(0, List.of(Linear.labelled("a", 2, 3, ""), Linear.labelled("b", 4, 9, "one"))), 17);

        assertThat(decoded.dropped()).isEmpty();
        assertThat(decoded.samples())
                .extracting(
                        ReplaySample::offset,
                        ReplaySample::index,
                        each -> each.imageId().value(),
                        ReplaySample::classIndex,
                        ReplaySample::row)
                .containsExactly(tuple(17L, 0, "a", 3, Linear.row(2)), tuple(17L, 1, "b", 1, Linear.row(4)));
        assertThat(decoded.source().classes()).containsExactly(0, 0);
        assertThat(decoded.source().finite()).isTrue();
    }

    @Test
    void aClassThatTheModelLacksIsDroppedByNameAndByIndex() {
        LabelledSample named = Linear.labelled("a", 0, 1, "unheard-of");
        LabelledSample numbered = Linear.labelled("b", 0, 5, "");

        SampleDecoder.Decoded decoded = decoder.decode(Linear.batch(0, List.of(named, numbered)), 0);

        assertThat(decoded.samples()).isEmpty();
        assertThat(decoded.source()).isEqualTo(BaseModel.Predicted.NONE);
        assertThat(decoded.dropped())
                .containsExactly(
                        new Round.Dropped(
                                named,
                                new Refusal(
                                        DeadLetterReason.UNKNOWN_CLASS,
                                        "class 1 'unheard-of' of 'a' is not one of the model's 5")),
                        new Round.Dropped(
                                numbered,
                                new Refusal(
                                        DeadLetterReason.UNKNOWN_CLASS,
                                        "class 5 '' of 'b' is not one of the model's 5")));
    }

    @Test
    void anImageThatCannotBeDecodedIsDropped() {
        LabelledSample empty =
                Linear.labelled("a", 0, 1, "").withImage(new Payload(Bytes.wrap(new byte[0]), Optional.empty()));

        SampleDecoder.Decoded decoded =
                decoder.decode(Linear.batch(0, List.of(empty, Linear.labelled("b", 1, 1, ""))), 0);

        assertThat(decoded.dropped())
                .singleElement()
                .satisfies(each -> assertThat(each.sample()).isEqualTo(empty))
                .satisfies(each -> assertThat(each.refusal().reason()).isEqualTo(DeadLetterReason.EMPTY_VALUE));
        assertThat(decoded.samples()).extracting(ReplaySample::index).containsExactly(1);
    }

    @Test
    void aSampleWhoseScoresOverflowIsDroppedAndTheOthersAreScored() throws Exception {
        try (BaseModel steep = new BaseModel(
                BiasModel.graph().with(Linear.version(3, 2)), Linear.settings().train())) {
            float[] huge = new float[192];
            huge[0] = Float.MAX_VALUE;
            LabelledSample overflowing = Linear.labelled("a", FloatTensor.wrap(BiasModel.INPUT.row(), huge), 1, "");

            SampleDecoder.Decoded decoded = Linear.decoder(steep)
                    .decode(Linear.batch(0, List.of(overflowing, Linear.labelled("b", 1, 2, ""))), 0);

            assertThat(decoded.dropped())
                    .containsExactly(new Round.Dropped(
                            overflowing,
                            new Refusal(
                                    DeadLetterReason.UNDECODABLE_IMAGE,
                                    "the source model's scores of 'a' are not finite")));
            assertThat(decoded.samples()).extracting(ReplaySample::index).containsExactly(1);
            assertThat(decoded.source())
                    .extracting(BaseModel.Predicted::classes)
                    .isEqualTo(List.of(2));
        }
    }

    /** Ids of eight categories are at place 0; one that is not among them makes the run of the whole batch fail. */
    private static LabelledSample ofCategory(String id, int category) {
        return Linear.labelled(id, Categories.row(category), 1, "");
    }

    @Test
    void aSampleThatTheModelCannotRunIsDroppedAndTheOthersAreScoredAsIfItHadNotCome() {
        try (BaseModel model =
                new BaseModel(Categories.graph(), Linear.settings().train())) {
            SampleDecoder decoder = Linear.decoder(model);
            LabelledSample strange = ofCategory("b", 99);
            MiniBatch batch = Linear.batch(0, List.of(ofCategory("a", 2), strange, ofCategory("c", 4)));

            SampleDecoder.Decoded decoded = decoder.decode(batch, 17);

            assertThat(decoded.dropped()).singleElement().satisfies(each -> {
                assertThat(each.sample()).isEqualTo(strange);
                assertThat(each.refusal().reason()).isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
                assertThat(each.refusal().message())
                        .startsWith("the source model cannot run 'b': model 'categories' failed on 1 rows")
                        .contains("99");
            });
            assertThat(decoded.samples()).extracting(ReplaySample::index).containsExactly(0, 2);
            SampleDecoder.Decoded others =
                    decoder.decode(Linear.batch(0, List.of(ofCategory("a", 2), ofCategory("c", 4))), 17);
            assertThat(decoded.source()).isEqualTo(others.source());
            assertThat(decoder.decode(batch, 17)).isEqualTo(decoded);
        }
    }

    @Test
    void samplesThatTheModelCannotRunAreDroppedWhenNoOtherCame() {
        try (BaseModel model =
                new BaseModel(Categories.graph(), Linear.settings().train())) {
            SampleDecoder.Decoded decoded = Linear.decoder(model)
                    .decode(Linear.batch(0, List.of(ofCategory("a", 99), ofCategory("b", -99))), 0);

            assertThat(decoded.samples()).isEmpty();
            assertThat(decoded.source()).isEqualTo(BaseModel.Predicted.NONE);
            assertThat(decoded.dropped())
                    .extracting(each -> each.sample().imageId().value())
                    .containsExactly("a", "b");
        }
    }

    @Test
    void noLabelIsDroppedWhenTheModelRunsNothingAnyMore() {
        BaseModel model = new BaseModel(Categories.graph(), Linear.settings().train());
        model.close();

        assertThatThrownBy(() -> Linear.decoder(model)
                        .decode(Linear.batch(0, List.of(ofCategory("a", 2), ofCategory("b", 99))), 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFailureThatNoSampleHasAloneIsNotTheirs() {
        try (BaseModel model =
                new BaseModel(Categories.graph(), Linear.settings().train())) {
            IllegalStateException failure = new IllegalStateException("out of memory");

            assertThatThrownBy(() -> Linear.decoder(model).faults(List.of(Linear.sample("a", 0, 1)), failure))
                    .isSameAs(failure);
        }
    }

    private static LabelledSample photograph() {
        byte[] rgb = new byte[1024 * 1024 * 3];
        new Random(1).nextBytes(rgb);
        return Linear.labelled("photo", 0, 3, "")
                .withImage(
                        new Payload(Bytes.wrap(Png.encode(RgbImage.wrap(1024, 1024, rgb))), Optional.of("image/png")));
    }

    @Test
    void aPhotographOfThreeMegabytesIsKeptAsTheModelSeesItAndComesBackBitForBit() {
        LabelledSample photograph = photograph();
        assertThat(photograph.image().bytes().size()).isGreaterThan(3_000_000);
        ReplaySample sample = decoder.decode(Linear.batch(0, List.of(photograph)), 17)
                .samples()
                .get(0);

        StartSample kept = decoder.kept(sample);

        assertThat(kept.getSerializedSize()).isLessThan(3 * 8 * 8 + 50);
        assertThat(decoder.decode(kept)).isInstanceOfSatisfying(Outcome.Ok.class, ok -> {
            ReplaySample back = (ReplaySample) ok.value();
            assertThat(back)
                    .extracting(ReplaySample::offset, ReplaySample::index, ReplaySample::imageId)
                    .containsExactly(17L, 0, new ImageId("photo"));
            assertThat(back.classIndex()).isEqualTo(3);
            assertThat(back.row()).isEqualTo(sample.row());
            assertThat(back.pixels().hash()).isEqualTo(sample.pixels().hash());
        });
    }

    @Test
    void aKeptSampleOfAClassThatTheModelLacksIsRefused() {
        StartSample kept = decoder.kept(Linear.sample("a", 2, 3));
        StartSample other = kept.toBuilder()
                .setSample(kept.getSample().toBuilder().setClassName("unheard-of"))
                .build();

        assertThat(decoder.decode(other)).isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(
                        refused.refusal().message())
                .isEqualTo("class 'unheard-of' of 'a' is not one of the model's 5"));
    }
}
