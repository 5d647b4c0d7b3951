package io.acclimate.adapt.repeats;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.samples.Pixels;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AnswerSettings.Repeats;
import io.acclimate.core.Bytes;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Shape;
import io.acclimate.infer.BiasModel;
import io.acclimate.wire.v1.Checkpoint;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeenPicturesTest {
    private final SeenPictures seen = pictures(Repeats.LEFT_OUT);

    private static SeenPictures pictures(Repeats repeats) {
        return new SeenPictures(repeats, BiasModel.INPUT, Shelf.HEAP);
    }

    /** Pixels of which only the digest is looked at. */
    private static Pixels picture(int number) {
        return new Pixels() {
            @Override
            public FloatTensor row() {
                return FloatTensor.wrap(Shape.of(1), new float[] {number});
            }

            @Override
            public Bytes bytes() {
                return Bytes.wrap(row().toLittleEndian());
            }

            @Override
            public int hash() {
                return 0;
            }

            @Override
            public long digest() {
                // An odd factor, so that no two numbers share the half that is kept.
                return (number * 0x9E3779B1L) << 32;
            }
        };
    }

    private static List<Pixels> pictures(int... numbers) {
        return IntStream.of(numbers).mapToObj(SeenPicturesTest::picture).toList();
    }

    private static Checkpoint saved(SeenPictures seen) {
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        seen.save(checkpoint);
        return checkpoint.build();
    }

    @Test
    void aPictureThatHadALabelIsKnownAgain() {
        assertThat(seen.see(picture(1))).isFalse();
        assertThat(seen.see(picture(2))).isFalse();

        assertThat(seen.see(picture(1))).isTrue();
        assertThat(seen.has(picture(3))).isFalse();
    }

    @Test
    void ofEqualPicturesTheFirstIsTheFirst() {
        assertThat(seen.see(picture(1))).isFalse();

        assertThat(seen.firsts(pictures(1, 2, 3, 2))).containsExactly(false, true, true, false);
    }

    @Test
    void whereIdsDecideNoPictureIsKnownAgain() {
        SeenPictures none = pictures(Repeats.BY_ID);

        assertThat(none.see(picture(1))).isFalse();
        assertThat(none.see(picture(1))).isFalse();
        assertThat(none.firsts(pictures(1, 1))).containsExactly(true, true);
        assertThat(saved(none)).isEqualTo(Checkpoint.getDefaultInstance());
    }

    @Test
    void equalTensorsAreNoRepeats() {
        ModelInput tensors = new ModelInput.TensorInput(Shape.of(4));
        SeenPictures none = new SeenPictures(Repeats.LEFT_OUT, tensors, Shelf.HEAP);

        assertThat(none.see(picture(1))).isFalse();
        assertThat(none.see(picture(1))).isFalse();
    }

    @Test
    void picturesAreForgottenWhenTwoSetsOfOthersCameAndNotBefore() {
        for (int i = 0; i < 2 * SeenPictures.EACH - 1; i++) {
            assertThat(seen.see(picture(i))).isFalse();
        }
        assertThat(seen.has(picture(0))).isTrue();

        assertThat(seen.see(picture(2 * SeenPictures.EACH))).isFalse();

        assertThat(seen.has(picture(0))).isFalse();
        assertThat(seen.has(picture(SeenPictures.EACH))).isTrue();
    }

    @Test
    void aCheckpointLeadsToTheSameAndDoesNotDependOnTheOrder() {
        for (int i = 0; i < SeenPictures.EACH + 500; i++) {
            assertThat(seen.see(picture(i))).isFalse();
        }
        SeenPictures other = pictures(Repeats.LEFT_OUT);
        SeenPictures backwards = pictures(Repeats.LEFT_OUT);
        IntStream.range(0, SeenPictures.EACH).forEach(i -> backwards.see(picture(SeenPictures.EACH - 1 - i)));
        IntStream.range(0, 500).forEach(i -> backwards.see(picture(SeenPictures.EACH + 499 - i)));

        other.restore(saved(seen), List.of());

        assertThat(saved(other)).isEqualTo(saved(seen)).isEqualTo(saved(backwards));
        assertThat(saved(seen).getSerializedSize()).isBetween(131_000, 134_000);
        assertThat(other.see(picture(7))).isTrue();
        assertThat(other.see(picture(SeenPictures.EACH + 7))).isTrue();
    }

    @Test
    void ofACheckpointThatHasNoneThePicturesCountThatAreKept() {
        seen.restore(Checkpoint.getDefaultInstance(), pictures(4, 5));

        assertThat(seen.firsts(pictures(4, 5, 6))).containsExactly(false, false, true);
    }

    @Test
    void saysOnceThatMostOfManyLabelsRepeatHoweverManyDidNotBefore() {
        see(0, 1_000);
        see(0, SeenPictures.LOOK / 2);
        assertThat(seen.newlyMost()).as("too few").isEmpty();

        see(SeenPictures.LOOK / 2, 2 * SeenPictures.LOOK);

        assertThat(seen.newlyMost()).hasValue(new SeenPictures.Share(SeenPictures.LOOK, SeenPictures.LOOK));
        see(0, 2 * SeenPictures.LOOK);
        assertThat(seen.newlyMost()).isEmpty();
    }

    @Test
    void aHalfIsNotMost() {
        see(0, SeenPictures.LOOK / 2);
        see(0, SeenPictures.LOOK / 2);

        assertThat(seen.newlyMost()).isEmpty();
    }

    private void see(int from, int to) {
        for (int i = from; i < to; i++) {
            seen.see(picture(i));
        }
    }
}
