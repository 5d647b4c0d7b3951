package io.acclimate.onnx.shape;

import static io.acclimate.onnx.shape.Told.ANY;
import static io.acclimate.onnx.shape.Told.B;
import static io.acclimate.onnx.shape.Told.shape;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MovementShapesTest {
    private static final Dim B2 = B.times(Dim.of(2));

    @Test
    void aReshapeFillsItsFreeExtentAndCopiesWhereItIsToldZero() {
        assertThat(Told.of("Reshape").floats(B, 3, 4).integers(0, -1).shape()).isEqualTo(shape(B, 12));
        assertThat(Told.of("Reshape").floats(B, 3, 4).integers(-1, 4).shape()).isEqualTo(shape(B.times(Dim.of(3)), 4));
        assertThat(Told.of("Reshape").floats(B, 3, 4).content(B, 2, 6).shape()).isEqualTo(shape(B, 2, 6));
        assertThat(Told.of("Reshape")
                        .opset(4)
                        .with("shape", new long[] {0, 12})
                        .floats(B, 3, 4)
                        .shape())
                .isEqualTo(shape(B, 12));
    }

    @Test
    void aReshapeMayTakeZeroForAnEmptyExtent() {
        assertThat(Told.of("Reshape")
                        .with("allowzero", 1L)
                        .floats(0, 3)
                        .integers(3, 0)
                        .shape())
                .isEqualTo(shape(3, 0));
    }

    @Test
    void aReshapeThatMovesElementsAcrossTheBatchProvesNothing() {
        assertThat(Told.of("Reshape").proving().floats(B, 3, 4).integers(0, 12).shape())
                .isEqualTo(shape(B, 12));
        assertThat(Told.of("Reshape")
                        .proving()
                        .floats(B, 2, 3)
                        .integers(2, -1, 3)
                        .shape())
                .isEqualTo(shape(ANY, ANY, ANY));
        assertThat(Told.of("Reshape").proving().floats(B, 6).integers(4, 3).shape())
                .isEqualTo(shape(ANY, ANY));
    }

    @Test
    void aReshapeWhoseSizesCannotBeComparedProvesNothing() {
        assertThat(Told.of("Reshape").floats(B, ANY).integers(0, 12).shape()).isEqualTo(shape(B, 12));
        assertThat(Told.of("Reshape").proving().floats(B, ANY).integers(0, 12).shape())
                .isEqualTo(shape(ANY, ANY));
    }

    @Test
    void aFlattenMultipliesTheExtentsOnBothSidesOfItsAxis() {
        assertThat(Told.of("Flatten").floats(B, 3, 4).shape()).isEqualTo(shape(B, 12));
        assertThat(Told.of("Flatten").with("axis", 2L).floats(2, 3, 4).shape()).isEqualTo(shape(6, 4));
        assertThat(Told.of("Flatten").with("axis", -1L).floats(2, 3, 4).shape()).isEqualTo(shape(6, 4));
        assertThat(Told.of("Flatten").with("axis", 0L).floats(B, 2).shape()).isEqualTo(shape(1, B2));
    }

    @Test
    void aTransposeReversesItsAxesUnlessItIsToldAnOrder() {
        assertThat(Told.of("Transpose").floats(B, 3, 4).shape()).isEqualTo(shape(4, 3, B));
        assertThat(Told.of("Transpose")
                        .with("perm", new long[] {0, 2, 1})
                        .floats(B, 3, 4)
                        .shape())
                .isEqualTo(shape(B, 4, 3));
    }

    @Test
    void integersAreTransposedAsTheirShapeIs() {
        assertThat(Told.of("Transpose").table(shape(2, 3), 1, 2, 3, 4, 5, 6).numbers())
                .hasValue(List.of(1L, 4L, 2L, 5L, 3L, 6L));
        assertThat(Told.of("Transpose")
                        .with("perm", new long[] {1, 2, 0})
                        .table(shape(2, 1, 2), 1, 2, 3, 4)
                        .numbers())
                .hasValue(List.of(1L, 3L, 2L, 4L));
    }

    @Test
    void aSqueezeDropsExtentsOfOneAndAnUnsqueezeAddsThem() {
        assertThat(Told.of("Squeeze").floats(B, 1, 3, 1).shape()).isEqualTo(shape(B, 3));
        assertThat(Told.of("Squeeze").floats(B, 1, 3, 1).integers(-1).shape()).isEqualTo(shape(B, 1, 3));
        assertThat(Told.of("Unsqueeze").floats(B, 3).integers(1, -1).shape()).isEqualTo(shape(B, 1, 3, 1));
        assertThat(Told.of("Unsqueeze")
                        .with("axes", new long[] {0})
                        .floats(B, 3)
                        .shape())
                .isEqualTo(shape(1, B, 3));
    }

    @Test
    void aSqueezeOfTheBatchIsToldOnlyWhereNothingIsToBeProven() {
        assertThat(Told.of("Squeeze").floats(B, 3).integers(0).shape()).isEqualTo(shape(3));
        assertThat(Told.of("Squeeze").proving().floats(B, 3).integers(0).shape())
                .isEqualTo(shape(ANY, 3));
    }

    @Test
    void arrangingIntegersInAnotherShapeKeepsThem() {
        assertThat(Told.of("Unsqueeze").number(7).integers(0).numbers()).hasValue(List.of(7L));
        assertThat(Told.of("Squeeze").integers(7).integers(0).shape()).isEmpty();
        assertThat(Told.of("Reshape").integers(1, 2, 3, 4).integers(2, 2).numbers())
                .hasValue(List.of(1L, 2L, 3L, 4L));
        assertThat(Told.of("Flatten").content(B, 2).first().content()).hasValue(List.of(B, Dim.of(2)));
    }

    @Test
    void anExpandRepeatsIntegersAlongTheAxesItStretches() {
        assertThat(Told.of("Expand").table(shape(2, 1), 5, 6).integers(1, 3).numbers())
                .hasValue(List.of(5L, 5L, 5L, 6L, 6L, 6L));
        assertThat(Told.of("Expand").floats(3, 1).content(B, 1, 4).shape()).isEqualTo(shape(B, 3, 4));
    }

    @Test
    void aTileMultipliesExtentsAndMayNotRepeatTheBatchWhereRowsMustStayApart() {
        assertThat(Told.of("Tile").floats(B, 3).integers(2, 4).shape()).isEqualTo(shape(B2, 12));
        assertThat(Told.of("Tile").proving().floats(B, 3).integers(1, 4).shape())
                .isEqualTo(shape(B, 12));
        assertThat(Told.of("Tile").proving().floats(B, 3).integers(2, 4).shape())
                .isEqualTo(shape(ANY, 12));
        assertThat(Told.of("Tile").proving().floats(1, 3).content(B, 1).shape()).isEqualTo(shape(ANY, 3));
    }

    @Test
    void aPadAddsBothEndsAndTakesAwayWhereItIsNegative() {
        assertThat(Told.of("Pad").floats(B, 3, 4).integers(0, 1, 0, 0, 2, -1).shape())
                .isEqualTo(shape(B, 6, 3));
        assertThat(Told.of("Pad")
                        .with("pads", new long[] {0, 1, 0, 2})
                        .floats(B, 4)
                        .shape())
                .isEqualTo(shape(B, 7));
        assertThat(Told.of("Pad")
                        .opset(18)
                        .floats(B, 3, 4)
                        .integers(1, 2)
                        .nothing()
                        .integers(-1)
                        .shape())
                .isEqualTo(shape(B, 3, 7));
    }
}
