package io.acclimate.onnx.shape;

import static io.acclimate.onnx.shape.Told.ANY;
import static io.acclimate.onnx.shape.Told.B;
import static io.acclimate.onnx.shape.Told.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElementShapesTest {
    @ParameterizedTest
    @ValueSource(strings = {"Relu", "Gelu", "Clip", "Dropout", "HardSwish", "Neg", "Sign", "Identity"})
    void aFunctionOfOneOperandKeepsItsShapeAndType(String type) {
        assertThat(Told.of(type).floats(B, ANY, 3).first())
                .isEqualTo(ValueFacts.shaped(ValueFacts.FLOAT, shape(B, ANY, 3)));
    }

    @Test
    void operandsBroadcastFromTheInnermostExtent() {
        assertThat(Told.of("Add").floats(B, 3, 4).floats(4).shape()).isEqualTo(shape(B, 3, 4));
        assertThat(Told.of("Mul").floats(3, 1).floats(B, 1, 4).shape()).isEqualTo(shape(B, 3, 4));
        assertThat(Told.of("Sum").floats(1).floats(2, 1).floats(3).shape()).isEqualTo(shape(2, 3));
    }

    @Test
    void anUnknownExtentBesideANumberIsThatNumberAndBesideTheBatchStaysUnknown() {
        assertThat(Told.of("Add").floats(ANY).floats(4).shape()).isEqualTo(shape(4));
        assertThat(Told.of("Add").floats(ANY).floats(1).shape()).isEqualTo(shape(ANY));
        assertThat(Told.of("Add").floats(ANY).floats(B).shape()).isEqualTo(shape(ANY));
        assertThat(Told.of("Add").floats(3).floats(B).shape()).isEqualTo(shape(ANY));
    }

    @ParameterizedTest
    @CsvSource({
        "Add, 7, 2, 9",
        "Sub, 7, 2, 5",
        "Mul, 7, 2, 14",
        "Div, -7, 2, -3",
        "Mod, -7, 2, 1",
        "Min, 7, 2, 2",
        "Max, 7, 2, 7",
        "Equal, 7, 7, 1",
        "Equal, 7, 2, 0",
        "Less, 2, 7, 1",
        "Greater, 2, 7, 0",
        "LessOrEqual, 7, 7, 1",
        "GreaterOrEqual, 2, 7, 0",
        "And, 1, 0, 0",
        "Or, 1, 0, 1"
    })
    void integersAreComputed(String type, long a, long b, long expected) {
        assertThat(Told.of(type).number(a).number(b).numbers()).hasValue(List.of(expected));
    }

    @Test
    void integersBroadcastAsArraysDo() {
        assertThat(Told.of("Add").table(shape(2, 1), 10, 20).integers(1, 2, 3).numbers())
                .hasValue(List.of(11L, 12L, 13L, 21L, 22L, 23L));
    }

    @Test
    void whatTheBatchMakesUncertainStaysUnknown() {
        assertThat(Told.of("Add").content(B, 1).integers(1, 1).first().content())
                .hasValue(List.of(ANY, Dim.of(2)));
        assertThat(Told.of("Max").integers(0).content(B).first().content()).hasValue(List.of(B));
        assertThat(Told.of("Max").content(B).integers(5).first().content()).hasValue(List.of(ANY));
        assertThat(Told.of("Or").content(ANY).integers(0).first().content()).hasValue(List.of(ANY));
    }

    @Test
    void aTruncatingModuloOfIntegersIsLeftAlone() {
        assertThat(Told.of("Mod").with("fmod", 1L).number(-7).number(2).first().content())
                .isEmpty();
    }

    @Test
    void truthValuesAreNegatedAndNumbersChangeSign() {
        assertThat(Told.of("Not").truths(0, 1).numbers()).hasValue(List.of(1L, 0L));
        assertThat(Told.of("Neg").integers(3, -4).numbers()).hasValue(List.of(-3L, 4L));
        assertThat(Told.of("Not").truths(0).first().type()).isEqualTo(ValueFacts.BOOL);
        assertThat(Told.of("Equal").number(1).number(1).first().type()).isEqualTo(ValueFacts.BOOL);
    }

    @Test
    void aCastToTruthAsksWhetherANumberIsZeroAndAnInt32MustFit() {
        assertThat(Told.of("Cast").with("to", 9L).integers(5, 0).numbers()).hasValue(List.of(1L, 0L));
        assertThat(Told.of("Cast").with("to", 6L).integers(5, 1L << 40).first().content())
                .hasValue(List.of(Dim.of(5), ANY));
        assertThat(Told.of("Cast").with("to", 7L).integers(1L << 40).numbers()).hasValue(List.of(1L << 40));
        assertThat(Told.of("Cast").with("to", 1L).integers(5).first().content()).isEmpty();
        assertThat(Told.of("Cast").with("to", 1L).integers(5).first().type()).isEqualTo(ValueFacts.FLOAT);
    }

    @Test
    void aChoiceIsToldWhereItsConditionIs() {
        assertThat(Told.of("Where").truths(1, 0).integers(5, 6).integers(7).numbers())
                .hasValue(List.of(5L, 7L));
        assertThat(Told.of("Where").content(ANY).integers(5).integers(7).first().content())
                .hasValue(List.of(ANY));
        assertThat(Told.of("Where").truths(1).floats(B, 2).floats(2).first().type())
                .isEqualTo(ValueFacts.FLOAT);
    }

    @Test
    void writingIntoTheBatchProvesNothing() {
        assertThat(Told.of("ScatterND").floats(B, 3).integers(0).floats(3).shape())
                .isEqualTo(shape(B, 3));
        assertThatThrownBy(() -> Told.of("ScatterND")
                        .proving()
                        .floats(B, 3)
                        .integers(0)
                        .floats(3)
                        .shape())
                .hasMessage("writes into the batch");
        assertThat(Told.of("ScatterND")
                        .proving()
                        .floats(4, 3)
                        .integers(0)
                        .floats(3)
                        .shape())
                .isEqualTo(shape(4, 3));
        assertThat(Told.of("Round").proving().floats(B, 3).shape()).isEqualTo(shape(B, 3));
    }
}
