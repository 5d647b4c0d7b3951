package io.acclimate.adapt.random;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomShiftsTest {
    private static final int SIDE = 8;

    private static InputSpec input(InputSpec.Layout layout) {
        return new InputSpec(
                3,
                SIDE,
                SIDE,
                layout,
                InputSpec.Colour.RGB,
                InputSpec.Resize.PAD,
                List.of(0.5f, 0.5f, 0.5f),
                List.of(0.5f, 0.5f, 0.5f));
    }

    /** The value of a pixel names its channel, row and column. */
    private static FloatTensor numbered(InputSpec input) {
        float[] values = new float[3 * SIDE * SIDE];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    values[index(input, c, y, x)] = 100 * c + 10 * y + x;
                }
            }
        }
        return FloatTensor.wrap(input.row(), values);
    }

    private static int index(InputSpec input, int c, int y, int x) {
        return input.layout() == InputSpec.Layout.NCHW ? (c * SIDE + y) * SIDE + x : (y * SIDE + x) * 3 + c;
    }

    @ParameterizedTest
    @EnumSource(InputSpec.Layout.class)
    void allChannelsMoveTogetherAndTheEdgeIsRepeated(InputSpec.Layout layout) {
        InputSpec input = input(layout);
        RandomShifts shifts = new RandomShifts(input, 0.25);
        SplitMix64 random = new SplitMix64(1);
        Set<String> moves = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            float[] moved = shifts.shifted(numbered(input), random).values();

            int down = 4 - (int) moved[index(input, 0, 4, 4)] / 10;
            int right = 4 - (int) moved[index(input, 0, 4, 4)] % 10;
            moves.add(down + "," + right);
            for (int c = 0; c < 3; c++) {
                for (int y = 0; y < SIDE; y++) {
                    for (int x = 0; x < SIDE; x++) {
                        assertThat(moved[index(input, c, y, x)])
                                .isEqualTo(100 * c + 10 * inside(y - down) + inside(x - right));
                    }
                }
            }
        }
        assertThat(moves).as("each of the moves by at most 2 pixels").hasSize(25);
    }

    private static int inside(int place) {
        return Math.max(0, Math.min(SIDE - 1, place));
    }

    @Test
    void withoutAShareTheRowAndTheRandomStateStay() {
        InputSpec input = input(InputSpec.Layout.NCHW);
        FloatTensor row = numbered(input);
        SplitMix64 random = new SplitMix64(1);

        FloatTensor same = new RandomShifts(input, 0).shifted(row, random);

        assertThat(same).isSameAs(row);
        assertThat(random.state()).as("as builds without shifts left it").isEqualTo(1);
    }

    @Test
    void theSameRandomStateMovesAlike() {
        InputSpec input = input(InputSpec.Layout.NCHW);
        RandomShifts shifts = new RandomShifts(input, 0.25);

        FloatTensor first = shifts.shifted(numbered(input), new SplitMix64(7));

        assertThat(shifts.shifted(numbered(input), new SplitMix64(7))).isEqualTo(first);
        assertThat(first.shape()).isEqualTo(Shape.of(3, SIDE, SIDE));
    }
}
