package io.acclimate.train.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {
    private static final FloatTensor ROW = FloatTensor.wrap(Shape.of(1, 2, 3), new float[] {1, 2, 3, 4, 5, 6});

    private static InputSpec spec(InputSpec.Layout layout, int channels) {
        List<Float> numbers = channels == 1 ? List.of(0.5f) : List.of(0.5f, 0.25f, 0.5f);
        return new InputSpec(
                channels,
                2,
                3,
                layout,
                channels == 1 ? InputSpec.Colour.GREY : InputSpec.Colour.RGB,
                InputSpec.Resize.STRETCH,
                numbers,
                numbers);
    }

    private static Set<FloatTensor> seen(Augmentation augmentation, FloatTensor row, InputSpec spec) {
        Random random = new Random(1);
        Set<FloatTensor> seen = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            seen.add(augmentation.apply(row, spec, random));
        }
        return seen;
    }

    @Test
    void theTextSaysWhatIsDone() {
        assertThat(Augmentation.parse("none")).isEqualTo(Augmentation.NONE);
        assertThat(Augmentation.parse("flip")).isEqualTo(new Augmentation(true, 0));
        assertThat(Augmentation.parse("crop:4")).isEqualTo(new Augmentation(false, 4));
        assertThat(Augmentation.parse("flip,crop:4")).isEqualTo(new Augmentation(true, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "flip", "crop:4", "flip,crop:4"})
    void itIsWrittenAsItIsRead(String text) {
        assertThat(Augmentation.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "flop", "crop", "crop:-1", "crop:99999", "flip,", "flip crop:4"})
    void otherTextIsRefusedWithWhatItWas(String text) {
        assertThatThrownBy(() -> Augmentation.parse(text)).hasMessageContaining("got '" + text + "'");
    }

    @Test
    void aCropBeyondTheLargestIsRefused() {
        assertThatThrownBy(() -> Augmentation.parse("crop:1025")).hasMessageContaining("from 0 to 1024, got 1025");
    }

    @Test
    void withoutAChangeTheRowIsTheSameAndNoRandomNumberIsTaken() {
        Random random = new Random(1);

        assertThat(Augmentation.NONE.apply(ROW, spec(InputSpec.Layout.NCHW, 1), random))
                .isSameAs(ROW);

        assertThat(random.nextInt()).isEqualTo(new Random(1).nextInt());
    }

    @Test
    void aFlipMirrorsEachLineOrLeavesAllOfThem() {
        FloatTensor mirrored = FloatTensor.wrap(Shape.of(1, 2, 3), new float[] {3, 2, 1, 6, 5, 4});

        assertThat(seen(new Augmentation(true, 0), ROW, spec(InputSpec.Layout.NCHW, 1)))
                .containsExactlyInAnyOrder(ROW, mirrored);
    }

    @Test
    void aFlipMovesPixelsAndNotChannelsWhereChannelsComeLast() {
        float[] values = new float[18];
        float[] mirrored = new float[18];
        for (int i = 0; i < 18; i++) {
            values[i] = i;
            int pixel = i / 3;
            mirrored[i] = (pixel / 3 * 3 + 2 - pixel % 3) * 3 + i % 3;
        }
        FloatTensor row = FloatTensor.wrap(Shape.of(2, 3, 3), values);

        assertThat(seen(new Augmentation(true, 0), row, spec(InputSpec.Layout.NHWC, 3)))
                .containsExactlyInAnyOrder(row, FloatTensor.wrap(Shape.of(2, 3, 3), mirrored));
    }

    @Test
    void aCropShiftsByUpToItsPaddingAndFillsWithBlack() {
        Set<FloatTensor> crops = seen(new Augmentation(false, 1), ROW, spec(InputSpec.Layout.NCHW, 1));

        assertThat(crops).hasSize(9).contains(ROW);
        assertThat(crops).contains(FloatTensor.wrap(Shape.of(1, 2, 3), new float[] {-1, -1, -1, -1, 1, 2}));
    }

    @Test
    void theSameSeedGivesTheSamePixels() {
        Augmentation both = new Augmentation(true, 1);
        InputSpec spec = spec(InputSpec.Layout.NCHW, 1);

        assertThat(both.apply(ROW, spec, new Random(9))).isEqualTo(both.apply(ROW, spec, new Random(9)));
    }
}
