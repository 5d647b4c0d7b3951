package io.acclimate.onnx.shape;

import static io.acclimate.onnx.shape.Told.B;
import static io.acclimate.onnx.shape.Told.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReductionShapesTest {
    @Test
    void reducedAxesStayWithExtentOneUnlessTheyAreDropped() {
        assertThat(Told.of("ReduceMean")
                        .with("axes", new long[] {2, -1})
                        .floats(B, 3, 4, 5)
                        .shape())
                .isEqualTo(shape(B, 3, 1, 1));
        assertThat(Told.of("ReduceMean")
                        .with("axes", new long[] {2, 3})
                        .with("keepdims", 0L)
                        .floats(B, 3, 4, 5)
                        .shape())
                .isEqualTo(shape(B, 3));
    }

    @Test
    void axesAreAnInputInNewerOpsets() {
        assertThat(Told.of("ReduceSum").opset(18).floats(B, 3, 4).integers(1).shape())
                .isEqualTo(shape(B, 1, 4));
    }

    @Test
    void withoutAxesEverythingIsReducedOrNothing() {
        assertThat(Told.of("ReduceMax").with("keepdims", 0L).floats(3, 4).shape())
                .isEmpty();
        assertThat(Told.of("ReduceSum")
                        .with("noop_with_empty_axes", 1L)
                        .floats(B, 4)
                        .shape())
                .isEqualTo(shape(B, 4));
    }

    @Test
    void aReductionOverTheBatchMixesRowsAndIsRefused() {
        assertThatThrownBy(() -> Told.of("ReduceMean")
                        .with("axes", new long[] {0})
                        .floats(B, 3)
                        .shape())
                .hasMessage("over the batch");
        assertThatThrownBy(() -> Told.of("ReduceL2").floats(B, 3).shape()).hasMessage("over the batch");
        assertThatThrownBy(() -> Told.of("ArgMax").floats(B, 3).shape()).hasMessage("over the batch");
    }

    @Test
    void theLargestPositionIsAnInteger() {
        ValueFacts kept = Told.of("ArgMax").with("axis", 1L).floats(B, 3).first();
        ValueFacts dropped = Told.of("ArgMin")
                .with("axis", -1L)
                .with("keepdims", 0L)
                .floats(B, 3)
                .first();

        assertThat(kept.type()).isEqualTo(ValueFacts.INT64);
        assertThat(kept.shape()).hasValue(shape(B, 1));
        assertThat(dropped.shape()).hasValue(shape(B));
    }

    @Test
    void theProductOfAShapeIsItsSize() {
        assertThat(Told.of("ReduceProd").with("keepdims", 0L).integers(2, 3, 4).numbers())
                .hasValue(List.of(24L));
        assertThat(Told.of("ReduceProd").content(B, 4).first().content()).hasValue(List.of(B.times(Dim.of(4))));
        assertThat(Told.of("ReduceProd").table(shape(2, 2), 1, 2, 3, 4).first().content())
                .isEmpty();
    }
}
