package io.acclimate.onnx.shape;

import static io.acclimate.onnx.shape.Told.ANY;
import static io.acclimate.onnx.shape.Told.B;
import static io.acclimate.onnx.shape.Told.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LayerShapesTest {
    private static Told conv() {
        return Told.of("Conv").floats(B, 3, 32, 32).floats(16, 3, 5, 5);
    }

    private static Told pool() {
        return Told.of("MaxPool").with("kernel_shape", new long[] {3, 3}).floats(B, 4, 8, 7);
    }

    @Test
    void aConvolutionShrinksBySideAndGivesTheKernelsChannels() {
        assertThat(conv().shape()).isEqualTo(shape(B, 16, 28, 28));
        assertThat(conv().with("pads", new long[] {2, 2, 2, 2}).shape()).isEqualTo(shape(B, 16, 32, 32));
        assertThat(conv().with("strides", new long[] {2, 3}).shape()).isEqualTo(shape(B, 16, 14, 10));
        assertThat(conv().with("dilations", new long[] {2, 1}).shape()).isEqualTo(shape(B, 16, 24, 28));
        assertThat(conv().with("auto_pad", "SAME_UPPER")
                        .with("strides", new long[] {2, 2})
                        .shape())
                .isEqualTo(shape(B, 16, 16, 16));
        assertThat(conv().with("auto_pad", "VALID")
                        .with("pads", new long[] {2, 2, 2, 2})
                        .shape())
                .isEqualTo(shape(B, 16, 28, 28));
    }

    @Test
    void aConvolutionInGroupsReadsThatManyTimesTheKernelsChannels() {
        assertThat(Told.of("Conv")
                        .with("group", 4L)
                        .floats(B, 8, 5, 5)
                        .floats(12, 2, 3, 3)
                        .shape())
                .isEqualTo(shape(B, 12, 3, 3));
        assertThatThrownBy(() ->
                        Told.of("Conv").floats(B, 8, 5, 5).floats(12, 2, 3, 3).shape())
                .hasMessage("channels");
    }

    @Test
    void aSpatialExtentThatIsUnknownStaysUnknown() {
        assertThat(Told.of("Conv").floats(B, 3, ANY, 32).floats(16, 3, 5, 5).shape())
                .isEqualTo(shape(B, 16, ANY, 28));
    }

    @Test
    void aWindowLargerThanItsInputIsRefused() {
        assertThatThrownBy(() ->
                        Told.of("Conv").floats(B, 3, 4, 4).floats(16, 3, 5, 5).shape())
                .hasMessageContaining("larger than the input");
        assertThatThrownBy(() ->
                        Told.of("Conv").floats(B, 3, 4).floats(16, 3, 5, 5).shape())
                .hasMessage("spatial axes");
    }

    @Test
    void ceilModeCountsAPartialWindowUnlessItStartsInThePaddingBehind() {
        assertThat(pool().with("strides", new long[] {2, 2}).shape()).isEqualTo(shape(B, 4, 3, 3));
        assertThat(pool().with("strides", new long[] {2, 2})
                        .with("ceil_mode", 1L)
                        .shape())
                .isEqualTo(shape(B, 4, 4, 3));
        assertThat(Told.of("AveragePool")
                        .with("kernel_shape", new long[] {2})
                        .with("strides", new long[] {3})
                        .with("pads", new long[] {0, 1})
                        .with("ceil_mode", 1L)
                        .floats(B, 1, 3)
                        .shape())
                .isEqualTo(shape(B, 1, 1));
    }

    @Test
    void aGlobalPoolKeepsOneValueForEachChannel() {
        assertThat(Told.of("GlobalAveragePool").floats(B, 6, 5, ANY).shape()).isEqualTo(shape(B, 6, 1, 1));
        assertThatThrownBy(() -> Told.of("GlobalMaxPool").floats(2, 6, B).shape())
                .hasMessage("over the batch");
    }

    @Test
    void aProductJoinsTheOuterExtentsOfBothAndNeedsTheSameInnerExtent() {
        assertThat(Told.of("MatMul").floats(B, 5, 4).floats(4, 3).shape()).isEqualTo(shape(B, 5, 3));
        assertThat(Told.of("MatMul").floats(B, 1, 5, 4).floats(7, 4, 3).shape()).isEqualTo(shape(B, 7, 5, 3));
        assertThatThrownBy(() -> Told.of("MatMul").floats(B, 5).floats(4, 3).shape())
                .hasMessageContaining("inner");
        assertThatThrownBy(() -> Told.of("MatMul").floats(4).floats(4, 3).shape())
                .hasMessageContaining("vectors");
        assertThatThrownBy(() -> Told.of("MatMul").floats(5, B).floats(B, 3).shape())
                .hasMessageContaining("inner");
    }

    @Test
    void aGemmTurnsItsMatricesAsItIsTold() {
        assertThat(Told.of("Gemm").floats(B, 4).floats(4, 3).floats(3).shape()).isEqualTo(shape(B, 3));
        assertThat(Told.of("Gemm").with("transB", 1L).floats(B, 4).floats(3, 4).shape())
                .isEqualTo(shape(B, 3));
        assertThat(Told.of("Gemm").with("transA", 1L).floats(4, B).floats(4, 3).shape())
                .isEqualTo(shape(B, 3));
    }

    @Test
    void aGemmWhoseAddendIsLargerThanItsProductIsRefused() {
        assertThatThrownBy(() ->
                        Told.of("Gemm").floats(1, 4).floats(4, 3).floats(5, 3).shape())
                .hasMessage("the addend's shape");
    }

    @Test
    void aLayerWithoutARuleTellsNothing() {
        assertThat(Told.of("ConvTranspose")
                        .floats(B, 3, 8, 8)
                        .floats(3, 4, 3, 3)
                        .all())
                .isEmpty();
        assertThat(Told.of("LSTM").floats(5, B, 3).all()).isEmpty();
    }
}
