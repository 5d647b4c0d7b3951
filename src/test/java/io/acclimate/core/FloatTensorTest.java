package io.acclimate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FloatTensorTest {
    @Test
    void valuesThatDoNotFillTheShapeAreRefused() {
        assertThatThrownBy(() -> FloatTensor.wrap(Shape.of(2, 3), new float[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape [2, 3] holds 6 values, got 5");
        assertThatThrownBy(() -> FloatTensor.fromLittleEndian(Shape.of(2), new byte[9]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape [2] needs 8 bytes, got 9");
    }

    @Test
    void bytesAreLittleEndian() {
        byte[] one = {0, 0, (byte) 0x80, 0x3f};

        assertThat(FloatTensor.fromLittleEndian(Shape.of(1), one).values()).containsExactly(1f);
        assertThat(FloatTensor.wrap(Shape.of(1), new float[] {1f}).toLittleEndian())
                .containsExactly(one);
    }

    /** NaN payloads too: equal weights must give equal digests. */
    @Property(tries = 200)
    void everyBitPatternSurvivesItsBytes(@ForAll @Size(min = 1, max = 20) List<Integer> bits) {
        float[] values = new float[bits.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(bits.get(i));
        }
        FloatTensor tensor = FloatTensor.wrap(Shape.of(values.length), values);

        byte[] bytes = tensor.toLittleEndian();

        FloatTensor back = FloatTensor.fromLittleEndian(tensor.shape(), bytes);
        assertThat(back).isEqualTo(tensor);
        assertThat(back.toLittleEndian()).isEqualTo(bytes);
    }

    @Property(tries = 100)
    void rowsOfAStackAreTheTensorsThatWereStacked(
            @ForAll @IntRange(min = 1, max = 8) int rows, @ForAll @IntRange(min = 1, max = 5) int width) {
        List<FloatTensor> each = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            float[] values = new float[width * 2];
            for (int j = 0; j < values.length; j++) {
                values[j] = 100 * i + j;
            }
            each.add(FloatTensor.wrap(Shape.of(width, 2), values));
        }

        FloatTensor stack = FloatTensor.stack(each);

        assertThat(stack.shape()).isEqualTo(Shape.of(rows, width, 2));
        for (int i = 0; i < rows; i++) {
            assertThat(stack.row(i)).isEqualTo(each.get(i));
        }
    }

    @Test
    void rowsOfDifferentShapesAreNotStackedEvenIfTheyHoldEquallyMany() {
        FloatTensor flat = FloatTensor.wrap(Shape.of(6), new float[6]);
        FloatTensor square = FloatTensor.wrap(Shape.of(2, 3), new float[6]);

        assertThatThrownBy(() -> FloatTensor.stack(List.of(flat, square)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row 1 has shape [2, 3], row 0 has [6]");
    }

    @Test
    void equalityIsOfBitsSoThatEqualWeightsMeanEqualDigests() {
        assertThat(scalar(Float.NaN)).isEqualTo(scalar(Float.NaN)).hasSameHashCodeAs(scalar(Float.NaN));
        assertThat(scalar(0f)).isNotEqualTo(scalar(-0f));
        assertThat(FloatTensor.wrap(Shape.of(2, 1), new float[2]))
                .isNotEqualTo(FloatTensor.wrap(Shape.of(1, 2), new float[2]));
    }

    @Test
    void aCopyIsSafeFromItsSourceAndAWrapIsNot() {
        float[] source = {1, 2};
        FloatTensor copy = FloatTensor.copyOf(Shape.of(2), source);
        FloatTensor wrap = FloatTensor.wrap(Shape.of(2), source);

        source[0] = 9;

        assertThat(copy.values()).containsExactly(1, 2);
        assertThat(wrap.values()).containsExactly(9, 2);
    }

    @Test
    void logsItsShapeAndNotItsValues() {
        assertThat(FloatTensor.wrap(Shape.of(1, 2), new float[] {3, 4})).hasToString("float32[1, 2]");
    }

    private static FloatTensor scalar(float value) {
        return FloatTensor.wrap(Shape.of(), new float[] {value});
    }
}
