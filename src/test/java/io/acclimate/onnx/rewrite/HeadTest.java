package io.acclimate.onnx.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadTest {
    private static Head find(GraphBuilder builder) {
        return Head.find(Graphs.graph(builder.output("y", Shape.of(5))), "y", 5);
    }

    private static GraphBuilder features() {
        return Graphs.images().node("Flatten", List.of("x"), List.of("f"), Map.of());
    }

    @Test
    void aGemmIsFoundWithItsBiasAndTheAxisOfItsClasses() {
        Head turned = find(features()
                .weight("w", Graphs.ramp(5, 48))
                .weight("b", Graphs.ramp(5))
                .node("Gemm", List.of("f", "w", "b"), List.of("y"), Map.of("transB", 1L)));
        Head plain = find(
                features().weight("w", Graphs.ramp(48, 5)).node("Gemm", List.of("f", "w"), List.of("y"), Map.of()));

        assertThat(turned.rows()).containsExactly(new Head.Rows("w", 0, true), new Head.Rows("b", 0, false));
        assertThat(plain.rows()).containsExactly(new Head.Rows("w", 1, true));
    }

    @Test
    void theWayBackPassesWhatTreatsClassesAlikeAndTakesABiasAlong() {
        Head head = find(features()
                .weight("w", Graphs.ramp(48, 5))
                .weight("b", Graphs.ramp(1, 5))
                .weight("ten", Graphs.ramp(1))
                .node("MatMul", List.of("f", "w"), List.of("product"), Map.of())
                .node("Add", List.of("b", "product"), List.of("biased"), Map.of())
                .node("Div", List.of("biased", "ten"), List.of("cooled"), Map.of())
                .node("Softmax", List.of("cooled"), List.of("y"), Map.of()));

        assertThat(head.rows()).containsExactly(new Head.Rows("w", 1, true), new Head.Rows("b", 1, false));
        assertThat(Graphs.types(head.path())).containsExactly("Softmax", "Div", "Add", "MatMul");
    }

    @Test
    void aMatrixThatIsTransposedFirstHasItsClassesOnTheOtherAxis() {
        Head head = find(features()
                .weight("w", Graphs.ramp(5, 48))
                .node("Transpose", List.of("w"), List.of("turned"), Map.of())
                .node("MatMul", List.of("f", "turned"), List.of("y"), Map.of()));

        assertThat(head.rows()).containsExactly(new Head.Rows("w", 0, true));
    }

    @Test
    void aConvolutionIsAHeadBehindAGlobalPool() {
        Head head = find(Graphs.images()
                .weight("w", Graphs.ramp(5, 3, 1, 1))
                .node("Conv", List.of("x", "w"), List.of("maps"), Map.of())
                .node("GlobalAveragePool", List.of("maps"), List.of("pooled"), Map.of())
                .node("Flatten", List.of("pooled"), List.of("y"), Map.of()));

        assertThat(head.rows()).containsExactly(new Head.Rows("w", 0, true));
    }

    @Test
    void aBiasThatAllClassesShareHasNoRows() {
        Head head = find(features()
                .weight("w", Graphs.ramp(48, 5))
                .weight("b", Graphs.ramp(1))
                .node("MatMul", List.of("f", "w"), List.of("product"), Map.of())
                .node("Add", List.of("product", "b"), List.of("y"), Map.of()));

        assertThat(head.rows()).containsExactly(new Head.Rows("w", 1, true));
    }

    @Test
    void whatKeepsTheHeadFromBeingFoundIsNamed() {
        GraphBuilder product = features()
                .weight("w", Graphs.ramp(48, 5))
                .weight("scale", Graphs.ramp(5))
                .node("MatMul", List.of("f", "w"), List.of("product"), Map.of());

        assertThatThrownBy(() -> find(product.node("Mul", List.of("product", "scale"), List.of("y"), Map.of())))
                .hasMessageContaining("Mul 'Mul_2' comes between");
        assertThatThrownBy(() -> find(features()
                        .weight("w", Graphs.ramp(48, 7))
                        .node("MatMul", List.of("f", "w"), List.of("y"), Map.of())))
                .hasMessageContaining("weights [48, 7] for 5 classes");
        assertThatThrownBy(() -> find(features().node("Relu", List.of("f"), List.of("y"), Map.of())))
                .hasMessageContaining("no linear layer leads to output 'y'");
    }

    @Test
    void aGroupedConvolutionOrAnOddBiasIsRefused() {
        assertThatThrownBy(() -> find(Graphs.images()
                        .weight("w", Graphs.ramp(5, 1, 1, 1))
                        .node("Conv", List.of("x", "w"), List.of("y"), Map.of("group", 3L))))
                .hasMessageContaining("in groups");
        assertThatThrownBy(() -> find(features()
                        .weight("w", Graphs.ramp(48, 5))
                        .weight("b", Graphs.ramp(2))
                        .node("Gemm", List.of("f", "w", "b"), List.of("y"), Map.of())))
                .hasMessageContaining("the bias of Gemm 'Gemm_1' has shape [2] for 5 classes");
    }
}
