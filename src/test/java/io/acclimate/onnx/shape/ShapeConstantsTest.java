package io.acclimate.onnx.shape;

import static io.acclimate.onnx.shape.Told.ANY;
import static io.acclimate.onnx.shape.Told.B;
import static io.acclimate.onnx.shape.Told.shape;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeConstantsTest {
    @Test
    void theShapeOfAValueIsKnownContentEvenWithTheBatchInIt() {
        assertThat(Told.of("Shape").floats(B, 3, 4).first()).isEqualTo(ValueFacts.vector(shape(B, 3, 4)));
        assertThat(Told.of("Shape").with("start", 1L).floats(B, 3, 4).numbers()).hasValue(List.of(3L, 4L));
        assertThat(Told.of("Shape")
                        .with("start", -2L)
                        .with("end", -1L)
                        .floats(B, 3, 4)
                        .numbers())
                .hasValue(List.of(3L));
        assertThat(Told.of("Shape").with("end", 99L).floats(3).numbers()).hasValue(List.of(3L));
    }

    @Test
    void theSizeOfAValueIsANumberOrAMultipleOfTheBatch() {
        assertThat(Told.of("Size").floats(2, 3).first()).isEqualTo(ValueFacts.scalar(Dim.of(6)));
        assertThat(Told.of("Size").floats(B, 3).first().content()).hasValue(List.of(B.times(Dim.of(3))));
        assertThat(Told.of("Size").floats(ANY, 3).first().content()).hasValue(List.of(ANY));
    }

    @Test
    void aFilledTensorIsOfFloatsUnlessItsValueIsAnInteger() {
        ValueFacts floats = Told.of("ConstantOfShape").content(B, 3).first();

        assertThat(floats).isEqualTo(ValueFacts.shaped(ValueFacts.FLOAT, shape(B, 3)));
    }

    @Test
    void aRangeIsToldWhereItsBoundsAre() {
        assertThat(Told.of("Range").number(2).number(9).number(3).numbers()).hasValue(List.of(2L, 5L, 8L));
        assertThat(Told.of("Range").number(3).number(0).number(-1).numbers()).hasValue(List.of(3L, 2L, 1L));
        assertThat(Told.of("Range").number(3).number(3).number(1).numbers()).hasValue(List.of());
        assertThat(Told.of("Range").number(0).content(B).number(1).shape()).isEqualTo(shape(ANY));
        assertThat(Told.of("Range").number(0).number(5).number(0).shape()).isEqualTo(shape(ANY));
    }

    @Test
    void aRangeTooLongForShapeArithmeticHasALengthAndNoContent() {
        ValueFacts range = Told.of("Range").number(0).number(1L << 30).number(1).first();

        assertThat(range.shape()).hasValue(List.of(Dim.of(1L << 30)));
        assertThat(range.content()).isEmpty();
    }
}
