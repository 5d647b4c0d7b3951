package io.acclimate.adapt.random;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Shape;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomErasingTest {
    private static final int HEIGHT = 10;
    private static final int WIDTH = 20;

    private static InputSpec input(InputSpec.Layout layout) {
        return new InputSpec(
                3,
                HEIGHT,
                WIDTH,
                layout,
                InputSpec.Colour.RGB,
                InputSpec.Resize.PAD,
                List.of(0.5f, 0.5f, 0.5f),
                List.of(0.5f, 0.5f, 0.5f));
    }

    private static int index(InputSpec input, int c, int pixel) {
        return input.layout() == InputSpec.Layout.NCHW ? c * HEIGHT * WIDTH + pixel : pixel * 3 + c;
    }

    /** Half of the pixels of channel c are 10 c, and the others 10 c + 2, so that no pixel has the mean. */
    private static FloatTensor striped(InputSpec input) {
        float[] values = new float[3 * HEIGHT * WIDTH];
        for (int c = 0; c < 3; c++) {
            for (int pixel = 0; pixel < HEIGHT * WIDTH; pixel++) {
                values[index(input, c, pixel)] = 10 * c + 2 * (pixel % 2);
            }
        }
        return FloatTensor.wrap(input.row(), values);
    }

    @ParameterizedTest
    @EnumSource(InputSpec.Layout.class)
    void aPartOfHalfTheRowsGetsTheMeanOfEachChannelAndAllElseStays(InputSpec.Layout layout) {
        InputSpec input = input(layout);
        RandomErasing erasing = new RandomErasing(input, 0.3);
        SplitMix64 random = new SplitMix64(1);
        FloatTensor row = striped(input);
        float[] before = row.values().clone();
        int covered = 0;
        Set<Integer> places = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            FloatTensor erased = erasing.erased(row, random);
            if (erased.equals(row)) {
                continue;
            }
            covered++;
            Set<Integer> rows = new HashSet<>();
            Set<Integer> columns = new HashSet<>();
            int pixels = 0;
            for (int pixel = 0; pixel < HEIGHT * WIDTH; pixel++) {
                boolean isCovered = erased.values()[index(input, 0, pixel)] == 1;
                for (int c = 0; c < 3; c++) {
                    int at = index(input, c, pixel);
                    assertThat(erased.values()[at]).isEqualTo(isCovered ? 10 * c + 1 : before[at]);
                }
                if (isCovered) {
                    pixels++;
                    rows.add(pixel / WIDTH);
                    columns.add(pixel % WIDTH);
                    places.add(pixel);
                }
            }
            assertThat(rows).hasSizeBetween(1, 3);
            assertThat(columns).hasSizeBetween(1, 6);
            assertThat(pixels).as("it is a rectangle").isEqualTo(rows.size() * columns.size());
        }
        assertThat(covered).isBetween(420, 580);
        assertThat(places).as("each pixel is covered now and then").hasSize(HEIGHT * WIDTH);
        assertThat(row.values()).isEqualTo(before);
    }

    @Test
    void withoutAShareTheRowAndTheRandomStateStay() {
        InputSpec input = input(InputSpec.Layout.NCHW);
        FloatTensor row = striped(input);
        SplitMix64 random = new SplitMix64(1);

        FloatTensor same = new RandomErasing(input, 0).erased(row, random);

        assertThat(same).isSameAs(row);
        assertThat(random.state()).as("as builds without erasing left it").isEqualTo(1);
    }

    @Test
    void aTensorThatIsNoImageStays() {
        FloatTensor row = FloatTensor.wrap(Shape.of(4), new float[] {1, 2, 3, 4});
        RandomErasing erasing = new RandomErasing(new ModelInput.TensorInput(Shape.of(4)), 0.5);
        SplitMix64 random = new SplitMix64(1);

        for (int i = 0; i < 20; i++) {
            assertThat(erasing.erased(row, random)).isSameAs(row);
        }
    }

    @Test
    void theSameRandomStateCoversTheSame() {
        InputSpec input = input(InputSpec.Layout.NHWC);
        RandomErasing erasing = new RandomErasing(input, 0.3);
        SplitMix64 one = new SplitMix64(7);
        SplitMix64 other = new SplitMix64(7);

        for (int i = 0; i < 20; i++) {
            assertThat(Arrays.equals(
                            erasing.erased(striped(input), one).values(),
                            erasing.erased(striped(input), other).values()))
                    .isTrue();
        }
    }
}
