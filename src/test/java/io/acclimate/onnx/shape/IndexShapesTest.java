package io.acclimate.onnx.shape;

import static io.acclimate.onnx.shape.Told.ANY;
import static io.acclimate.onnx.shape.Told.B;
import static io.acclimate.onnx.shape.Told.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IndexShapesTest {
    @Test
    void aConcatAddsUpAlongItsAxisAndNeedsTheOthersToAgree() {
        assertThat(Told.of("Concat").with("axis", 1L).floats(B, 3).floats(B, 4).shape())
                .isEqualTo(shape(B, 7));
        assertThat(Told.of("Concat")
                        .with("axis", 1L)
                        .floats(B, 3)
                        .floats(ANY, 4)
                        .shape())
                .isEqualTo(shape(B, 7));
        assertThat(Told.of("Concat").with("axis", 1L).floats(2, 3).floats(5, 4).shape())
                .isEqualTo(shape(ANY, 7));
    }

    @Test
    void aConcatAlongTheBatchProvesNothing() {
        assertThat(Told.of("Concat").with("axis", 0L).floats(B, 3).floats(B, 3).shape())
                .isEqualTo(shape(B.times(Dim.of(2)), 3));
        assertThat(Told.of("Concat")
                        .proving()
                        .with("axis", 0L)
                        .floats(B, 3)
                        .floats(B, 3)
                        .shape())
                .isEqualTo(shape(ANY, 3));
    }

    @Test
    void integersAreJoinedRowByRow() {
        assertThat(Told.of("Concat")
                        .with("axis", 0L)
                        .content(B)
                        .integers(3, 4)
                        .first()
                        .content())
                .hasValue(List.of(B, Dim.of(3), Dim.of(4)));
        assertThat(Told.of("Concat")
                        .with("axis", 1L)
                        .table(shape(2, 1), 1, 2)
                        .table(shape(2, 2), 3, 4, 5, 6)
                        .numbers())
                .hasValue(List.of(1L, 3L, 4L, 2L, 5L, 6L));
        assertThat(Told.of("Concat")
                        .with("axis", 0L)
                        .integers(1)
                        .floats(2)
                        .first()
                        .content())
                .isEmpty();
    }

    @Test
    void aSplitGivesItsSizesOrEqualPartsWithAShorterLast() {
        assertThat(parts(Told.of("Split")
                        .with("axis", 1L)
                        .outputs(2)
                        .floats(B, 5)
                        .integers(2, 3)))
                .containsExactly(shape(B, 2), shape(B, 3));
        assertThat(parts(Told.of("Split").with("axis", 1L).outputs(3).floats(B, 5)))
                .containsExactly(shape(B, 2), shape(B, 2), shape(B, 1));
    }

    @Test
    void aSplitOfTheBatchTellsNothing() {
        assertThat(Told.of("Split").outputs(2).floats(B, 4).all()).isEmpty();
    }

    private static List<List<Dim>> parts(Told split) {
        return split.all().stream().map(each -> each.shape().orElseThrow()).toList();
    }

    @Test
    void aSliceCountsWhatItTakes() {
        assertThat(Told.of("Slice")
                        .floats(B, 9)
                        .integers(1)
                        .integers(-1)
                        .integers(1)
                        .shape())
                .isEqualTo(shape(B, 7));
        assertThat(Told.of("Slice")
                        .floats(B, 9)
                        .integers(-1)
                        .integers(-99)
                        .integers(1)
                        .integers(-2)
                        .shape())
                .isEqualTo(shape(B, 5));
        assertThat(Told.of("Slice")
                        .opset(9)
                        .with("starts", new long[] {0})
                        .with("ends", new long[] {99})
                        .with("axes", new long[] {1})
                        .floats(B, 9)
                        .shape())
                .isEqualTo(shape(B, 9));
    }

    @Test
    void aSliceOfTheBatchIsToldOnlyWhereItTakesAllOfIt() {
        assertThat(Told.of("Slice")
                        .floats(B, 9)
                        .integers(0)
                        .integers(Long.MAX_VALUE)
                        .integers(0)
                        .shape())
                .isEqualTo(shape(B, 9));
        assertThat(Told.of("Slice")
                        .floats(B, 9)
                        .integers(0)
                        .integers(4)
                        .integers(0)
                        .shape())
                .isEqualTo(shape(ANY, 9));
    }

    @Test
    void integersAreSlicedAsArraysAre() {
        assertThat(Told.of("Slice").content(B, 3, 4, 5).integers(1).integers(3).numbers())
                .hasValue(List.of(3L, 4L));
        assertThat(Told.of("Slice")
                        .integers(1, 2, 3, 4, 5)
                        .integers(-1)
                        .integers(-6)
                        .integers(0)
                        .integers(-2)
                        .numbers())
                .hasValue(List.of(5L, 3L, 1L));
        assertThat(Told.of("Slice")
                        .table(shape(2, 3), 1, 2, 3, 4, 5, 6)
                        .integers(1)
                        .integers(3)
                        .integers(-1)
                        .numbers())
                .hasValue(List.of(2L, 3L, 5L, 6L));
    }

    @Test
    void aSliceWithoutStartsOrWithAStepOfZeroIsRefused() {
        assertThatThrownBy(() -> Told.of("Slice").floats(3).shape()).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Told.of("Slice")
                        .floats(3)
                        .integers(0)
                        .integers(3)
                        .integers(0)
                        .integers(0)
                        .shape())
                .hasMessageContaining("step");
    }

    @Test
    void aGatherPutsTheIndicesShapeInPlaceOfItsAxis() {
        assertThat(Told.of("Gather")
                        .with("axis", 1L)
                        .floats(B, 5, 4)
                        .table(shape(2, 3), 0, 1, 2, 3, 4, 0)
                        .shape())
                .isEqualTo(shape(B, 2, 3, 4));
        assertThat(Told.of("Gather").with("axis", -1L).floats(B, 5).number(2).shape())
                .isEqualTo(shape(B));
    }

    @Test
    void aGatherOfRowsOfTheBatchProvesNothing() {
        assertThat(Told.of("Gather").floats(B, 5).integers(0).shape()).isEqualTo(shape(1, 5));
        assertThat(Told.of("Gather").proving().floats(B, 5).integers(0).shape()).isEqualTo(shape(ANY, ANY));
    }

    @Test
    void integersAreGatheredFromTheFrontOrFromTheEnd() {
        assertThat(Told.of("Gather").content(B, 3, 4).integers(0, -1).first().content())
                .hasValue(List.of(B, Dim.of(4)));
        assertThat(Told.of("Gather")
                        .with("axis", 1L)
                        .table(shape(2, 3), 1, 2, 3, 4, 5, 6)
                        .integers(2, 0)
                        .numbers())
                .hasValue(List.of(3L, 1L, 6L, 4L));
        assertThat(Told.of("Gather").integers(7, 8).number(1).first())
                .isEqualTo(new ValueFacts(ValueFacts.INT64, Optional.of(List.of()), Optional.of(List.of(Dim.of(8)))));
    }

    @Test
    void anIndexOutsideIsRefused() {
        assertThatThrownBy(() -> Told.of("Gather").integers(7, 8).integers(2).first())
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
