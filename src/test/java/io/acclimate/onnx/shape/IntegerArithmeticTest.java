package io.acclimate.onnx.shape;

import static io.acclimate.onnx.shape.Told.B;
import static io.acclimate.onnx.shape.Told.shape;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IntegerArithmeticTest {
    @Test
    void coordinatesAndTheRowMajorIndexAreInverses() {
        List<Dim> shape = shape(2, 3, 4);

        for (int i = 0; i < 24; i++) {
            assertThat(IntegerArithmetic.flat(IntegerArithmetic.coordinates(i, shape), shape))
                    .isEqualTo(i);
        }
        assertThat(IntegerArithmetic.coordinates(17, shape)).containsExactly(1, 1, 1);
    }

    @Test
    void anExtentOfOneIsReadAtItsOnlyPlaceAndOuterCoordinatesAreIgnored() {
        int[] at = {1, 2, 3};

        assertThat(IntegerArithmetic.flat(at, shape(3, 1))).isEqualTo(2);
        assertThat(IntegerArithmetic.flat(at, shape(4))).isEqualTo(3);
        assertThat(IntegerArithmetic.flat(at, shape())).isZero();
    }

    @Test
    void aSizeThatIsUnknownOrTooLargeIsNone() {
        assertThat(IntegerArithmetic.size(shape(2, 3))).isEqualTo(6);
        assertThat(IntegerArithmetic.size(shape())).isEqualTo(1);
        assertThat(IntegerArithmetic.size(shape(B, 3))).isEqualTo(-1);
        assertThat(IntegerArithmetic.size(shape(ValueFacts.LARGEST + 1))).isEqualTo(-1);
    }

    @Test
    void anUnknownConditionPicksNothing() {
        Dim yes = Dim.of(1);
        Dim no = Dim.of(2);

        assertThat(IntegerArithmetic.pick(yes, no, Dim.of(7))).isEqualTo(yes);
        assertThat(IntegerArithmetic.pick(yes, no, Dim.of(0))).isEqualTo(no);
        assertThat(IntegerArithmetic.pick(yes, no, B)).isEqualTo(Dim.UNKNOWN);
        assertThat(IntegerArithmetic.not(B)).isEqualTo(Dim.UNKNOWN);
        assertThat(IntegerArithmetic.not(Dim.of(3))).isEqualTo(Dim.of(0));
    }
}
