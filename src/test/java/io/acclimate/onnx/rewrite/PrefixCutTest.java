package io.acclimate.onnx.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixCutTest {
    private static Optional<String> cut(GraphBuilder builder, Set<String> changing, String... needed) {
        GraphProto graph = Graphs.graph(builder);
        return new PrefixCut(graph, "x", "y", Set.of(needed)).last(graph, changing);
    }

    /** x → a → b → y, each a product with a weight of its own. */
    private static GraphBuilder chain() {
        return Graphs.images()
                .weight("w1", Graphs.ramp(4, 4))
                .weight("w2", Graphs.ramp(4, 4))
                .weight("w3", Graphs.ramp(4, 4))
                .node("MatMul", List.of("x", "w1"), List.of("a"), Map.of())
                .node("MatMul", List.of("a", "w2"), List.of("b"), Map.of())
                .node("MatMul", List.of("b", "w3"), List.of("y"), Map.of())
                .output("y", Shape.of(3, 4, 4));
    }

    @Test
    void theCutIsAtTheLastValueThatNoChangingWeightReaches() {
        assertThat(cut(chain(), Set.of("w3"))).hasValue("b");
        assertThat(cut(chain(), Set.of("w2", "w3"))).hasValue("a");
        assertThat(cut(chain(), Set.of("w1"))).isEmpty();
    }

    @Test
    void aValueThatIsNeededIsNotCutOff() {
        assertThat(cut(chain(), Set.of("w3"), "a")).hasValue("a");
        assertThat(cut(chain(), Set.of("w3"), "b")).hasValue("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "inner", "long name", "t", "z"})
    void insideAShortcutThereIsNoSingleValueToCutAt(String inner) {
        GraphBuilder residual = Graphs.images()
                .weight("w", Graphs.ramp(4, 4))
                .node("Relu", List.of("x"), List.of("s"), Map.of())
                .node("Relu", List.of("s"), List.of(inner), Map.of())
                .node("MatMul", List.of(inner, "w"), List.of("product"), Map.of())
                .node("Add", List.of("s", "product"), List.of("y"), Map.of())
                .output("y", Shape.of(3, 4, 4));

        assertThat(cut(residual, Set.of("w"))).hasValue("s");
    }

    @Test
    void aChangingWeightThatIsMovedFirstStillBelongsToItsProduct() {
        GraphBuilder moved = Graphs.images()
                .weight("w", Graphs.ramp(4, 4))
                .node("Transpose", List.of("w"), List.of("turned"), Map.of())
                .node("Relu", List.of("x"), List.of("a"), Map.of())
                .node("MatMul", List.of("a", "turned"), List.of("y"), Map.of())
                .output("y", Shape.of(3, 4, 4));

        assertThat(cut(moved, Set.of("w"))).hasValue("a");
    }

    /** As a text model splits its row into ids and a mask. */
    @Test
    void whereSeveralNodesReadTheInputTheCutIsBehindAllOfThem() {
        GraphBuilder columns = Graphs.images()
                .weight("w1", Graphs.ramp(4, 4))
                .weight("w2", Graphs.ramp(4, 4))
                .node("Relu", List.of("x"), List.of("ids"), Map.of())
                .node("MatMul", List.of("ids", "w1"), List.of("embedded"), Map.of())
                .node("Sigmoid", List.of("x"), List.of("mask"), Map.of())
                .node("Mul", List.of("embedded", "mask"), List.of("pooled"), Map.of())
                .node("MatMul", List.of("pooled", "w2"), List.of("y"), Map.of())
                .output("y", Shape.of(3, 4, 4));

        assertThat(cut(columns, Set.of("w2"))).hasValue("pooled");
        assertThat(cut(columns, Set.of("w1"))).isEmpty();
    }

    @Test
    void aSecondReaderOfTheInputLeavesNoCutBetweenItAndTheFirst() {
        GraphBuilder late = Graphs.images()
                .weight("w", Graphs.ramp(4, 4))
                .node("Relu", List.of("x"), List.of("a"), Map.of())
                .node("MatMul", List.of("a", "w"), List.of("b"), Map.of())
                .node("Add", List.of("b", "x"), List.of("y"), Map.of())
                .output("y", Shape.of(3, 4, 4));

        assertThat(cut(late, Set.of("w"))).isEmpty();
    }

    @Test
    void indicesAndHalfPrecisionAreNoPlaceToCut() {
        GraphBuilder half = Graphs.images()
                .weight("w", Graphs.ramp(4, 4))
                .node("Relu", List.of("x"), List.of("a"), Map.of())
                .node("Cast", List.of("a"), List.of("half"), Map.of("to", 10L))
                .node("Relu", List.of("half"), List.of("still half"), Map.of())
                .node("Cast", List.of("still half"), List.of("whole"), Map.of("to", 1L))
                .node("MatMul", List.of("whole", "w"), List.of("y"), Map.of())
                .output("y", Shape.of(3, 4, 4));
        GraphBuilder indices = Graphs.images()
                .weight("table", Graphs.ramp(4, 4))
                .node("Relu", List.of("x"), List.of("a"), Map.of())
                .node("ArgMax", List.of("a"), List.of("at"), Map.of("axis", 1L))
                .node("Gather", List.of("table", "at"), List.of("y"), Map.of())
                .output("y", Shape.of(3, 4, 4));

        assertThat(cut(half, Set.of("w"))).hasValue("whole");
        assertThat(cut(indices, Set.of("table"))).hasValue("a");
    }

    @Test
    void onlyWhatAValueDependsOnLeadsToIt() {
        GraphProto graph = Graphs.graph(chain().node("Relu", List.of("a"), List.of("unused"), Map.of()));

        List<NodeProto> nodes = PrefixCut.leadingTo(graph, Set.of("b"));

        assertThat(nodes).extracting(node -> node.getOutput(0)).containsExactly("a", "b");
    }
}
