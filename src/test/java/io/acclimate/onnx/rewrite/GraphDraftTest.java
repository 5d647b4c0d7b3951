package io.acclimate.onnx.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.Tensors;
import io.acclimate.onnx.shape.Dim;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphDraftTest {
    private static final NodeProto OUTER = NodeProto.newBuilder()
            .setOpType("Loop")
            .addInput("count")
            .addOutput("y")
            .addAttribute(AttributeProto.newBuilder()
                    .setName("body")
                    .setG(GraphProto.newBuilder()
                            .addNode(NodeProto.newBuilder()
                                    .setOpType("Relu")
                                    .addInput("captured")
                                    .addOutput("inner"))
                            .addOutput(ai.onnx.proto.OnnxMl.ValueInfoProto.newBuilder()
                                    .setName("inner"))))
            .build();

    private static GraphDraft draft() {
        return Graphs.draft(Graphs.graph(Graphs.images()
                .weight("w", Graphs.ramp(2))
                .weight("unused", Graphs.ramp(2))
                .node("Relu", List.of("x"), List.of("a"), Map.of())
                .node("Relu", List.of("x"), List.of("dead"), Map.of())
                .node("Mul", List.of("a", "w"), List.of("y"), Map.of())
                .output("y", Shape.of(3, 4, 4))));
    }

    @Test
    void whatNoOutputDependsOnIsDropped() {
        GraphDraft draft = draft();

        draft.prune();

        assertThat(Graphs.types(draft.nodes())).containsExactly("Relu", "Mul");
        assertThat(draft.initializers().keySet()).containsExactly("w");
    }

    @Test
    void anAddedInitializerGetsANameThatIsFree() {
        GraphDraft draft = draft();

        assertThat(draft.add("fresh", Tensors.toProto("", Graphs.ramp(1)))).isEqualTo("fresh");
        assertThat(draft.add("a", Tensors.toProto("", Graphs.ramp(1)))).isEqualTo("a_");
        assertThat(draft.add("a", Tensors.toProto("", Graphs.ramp(1)))).isEqualTo("a__");
        assertThat(draft.add("x", Tensors.toProto("", Graphs.ramp(1)))).isEqualTo("x_");
    }

    @Test
    void aNodeUsesWhatItsInnerGraphsCapture() {
        Set<String> used = new HashSet<>();

        GraphDraft.collectUses(OUTER, used);

        assertThat(used).containsExactlyInAnyOrder("count", "captured", "inner");
    }

    @Test
    void namesChangeInInnerGraphsToo() {
        NodeProto renamed = GraphDraft.renamed(OUTER, name -> name + "2");

        assertThat(renamed.getInputList()).containsExactly("count2");
        assertThat(renamed.getOutputList()).containsExactly("y2");
        assertThat(renamed.getAttribute(0).getG().getNode(0).getInputList()).containsExactly("captured2");
        assertThat(renamed.getAttribute(0).getG().getOutput(0).getName()).isEqualTo("inner2");
    }

    @Test
    void theFirstExtentOfAnInputIsTheBatchWhateverItSays() {
        assertThat(draft().inference(false).of("x").shape())
                .hasValue(List.of(Dim.BATCH, Dim.of(3), Dim.of(4), Dim.of(4)));
    }

    @Test
    void anInitializerThatIsAlsoAnInputIsNoInput() {
        GraphProto graph = Graphs.graph(Graphs.images().input("w", Shape.of(1)).weight("w", Graphs.ramp(2)));

        assertThat(Graphs.draft(graph).inputs())
                .extracting(each -> each.getName())
                .containsExactly("x");
    }
}
