package io.acclimate.onnx.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.InputSpec.Layout;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstConvolutionTest {
    /** A convolution of four filters over {@code channels / groups} channels each. */
    private static GraphBuilder convolved(GraphBuilder graph, String from, int channels, int groups) {
        int each = channels / groups;
        return graph.weight("w", FloatTensor.wrap(Shape.of(6, each, 1, 1), new float[6 * each]))
                .node("Conv", List.of(from, "w"), List.of("c"), Map.of("group", (long) groups))
                .node("GlobalAveragePool", List.of("c"), List.of("p"), Map.of())
                .node("Flatten", List.of("p"), List.of("y"), Map.of())
                .output("y", Shape.of(6));
    }

    private static GraphBuilder rows(int... extents) {
        return new GraphBuilder("g", 17).input("image", Shape.of(extents));
    }

    private static CardGuess guess(GraphBuilder graph) throws InvalidModelException {
        return CardGuess.of("f.onnx", "f", Cards.model(graph), Optional.empty());
    }

    private static InputSpec picture(GraphBuilder graph) throws InvalidModelException {
        return guess(graph).card().input().picture();
    }

    @Test
    void threeRowsOfPixelsAreNoChannelsWhereTheConvolutionTakesTheLastExtent() throws Exception {
        GraphBuilder last = rows(3, 8, 1)
                .node("Transpose", List.of("image"), List.of("t"), Map.of("perm", new long[] {0, 3, 1, 2}));

        InputSpec grey = picture(convolved(last, "t", 1, 1));

        assertThat(grey.layout()).isEqualTo(Layout.NHWC);
        assertThat(List.of(grey.channels(), grey.height(), grey.width())).containsExactly(1, 3, 8);
    }

    @Test
    void withoutATranspositionChannelsAreTheSecondExtent() throws Exception {
        InputSpec narrow = picture(convolved(rows(1, 8, 3), "image", 1, 1));
        InputSpec grouped = picture(convolved(rows(3, 3, 3), "image", 3, 3));

        assertThat(narrow.layout()).isEqualTo(Layout.NCHW);
        assertThat(List.of(narrow.channels(), narrow.height(), narrow.width())).containsExactly(1, 8, 3);
        assertThat(grouped.layout()).isEqualTo(Layout.NCHW);
    }

    @Test
    void arithmeticBeforeItChangesNothing() throws Exception {
        GraphBuilder scaled = rows(3, 8, 3)
                .weight("s", FloatTensor.wrap(Shape.of(1), new float[] {0.5f}))
                .node("Mul", List.of("image", "s"), List.of("m"), Map.of())
                .node("Transpose", List.of("m"), List.of("t"), Map.of("perm", new long[] {0, 3, 1, 2}));

        assertThat(picture(convolved(scaled, "t", 3, 1)).layout()).isEqualTo(Layout.NHWC);
    }

    @Test
    void whereNoConvolutionTellsTheLayoutIsAGuessAndSaidToBeOne() throws Exception {
        GraphBuilder matrix = rows(3, 8, 3)
                .node("Flatten", List.of("image"), List.of("f"), Map.of())
                .weight("w", FloatTensor.wrap(Shape.of(72, 6), new float[72 * 6]))
                .node("MatMul", List.of("f", "w"), List.of("y"), Map.of())
                .output("y", Shape.of(6));

        assertThat(guess(matrix).remarks()).anyMatch(line -> line.startsWith("layout: NCHW (both"));
        assertThat(guess(convolved(rows(3, 8, 3), "image", 3, 1)).remarks())
                .noneMatch(line -> line.startsWith("layout"));
    }

    @Test
    void aConvolutionOfOtherThanColoursIsNoPicture() {
        assertThatThrownBy(() -> guess(convolved(rows(4, 8, 3), "image", 4, 1)).card())
                .hasMessageContaining("shape");
    }
}
