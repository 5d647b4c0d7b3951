package io.acclimate.onnx.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.onnx.node.Tensors;
import org.junit.jupiter.api.Test;

class IfInliningTest {
    private static AttributeProto branch(String name, String type, String output) {
        GraphProto.Builder graph = GraphProto.newBuilder();
        graph.addInitializer(Tensors.toProto("w", Graphs.ramp(1)));
        graph.addNodeBuilder().setOpType(type).addInput("x").addInput("w").addOutput(output);
        graph.addOutputBuilder().setName(output);
        return AttributeProto.newBuilder().setName(name).setG(graph).build();
    }

    private static NodeProto condition(String name, String output) {
        return NodeProto.newBuilder()
                .setOpType("If")
                .setName(name)
                .addInput("yes")
                .addOutput(output)
                .addAttribute(branch("then_branch", "Add", "inner"))
                .addAttribute(branch("else_branch", "Mul", "inner"))
                .build();
    }

    private static GraphDraft draft(int truth, NodeProto... nodes) {
        GraphProto.Builder graph = GraphProto.newBuilder();
        graph.addInitializer(TensorProto.newBuilder()
                .setName("yes")
                .setDataType(TensorProto.DataType.BOOL.getNumber())
                .addInt32Data(truth));
        graph.addInitializer(Tensors.toProto("w", Graphs.ramp(2)));
        for (NodeProto node : nodes) {
            graph.addNode(node);
        }
        return Graphs.draft(graph.build());
    }

    @Test
    void aConstantConditionLeavesTheBranchThatItTakes() {
        GraphDraft yes = draft(1, condition("if", "y"));
        GraphDraft no = draft(0, condition("if", "y"));

        assertThat(IfInlining.inline(yes)).isTrue();
        assertThat(IfInlining.inline(no)).isTrue();

        assertThat(Graphs.types(yes.nodes())).containsExactly("Add", "Identity");
        assertThat(Graphs.types(no.nodes())).containsExactly("Mul", "Identity");
    }

    @Test
    void namesOfABranchThatAreTakenGetLonger() {
        GraphDraft draft = draft(1, condition("first", "y"), condition("second", "z"));

        IfInlining.inline(draft);

        assertThat(draft.nodes()).extracting(node -> node.getOutput(0)).containsExactly("inner", "y", "inner_", "z");
        assertThat(draft.nodes().get(0).getInputList()).containsExactly("x", "w_");
        assertThat(draft.nodes().get(2).getInputList()).containsExactly("x", "w__");
        assertThat(draft.initializers().keySet()).containsExactly("yes", "w", "w_", "w__");
    }

    @Test
    void aConditionThatIsComputedStays() {
        NodeProto computed =
                condition("if", "y").toBuilder().setInput(0, "computed").build();
        GraphDraft draft = draft(1, computed);

        assertThat(IfInlining.inline(draft)).isFalse();
        assertThat(draft.nodes()).containsExactly(computed);
    }

    @Test
    void aBranchThatIsMissingOrGivesTooLittleIsRefused() {
        NodeProto one = condition("if", "y").toBuilder().removeAttribute(0).build();
        NodeProto two = condition("if", "y").toBuilder().addOutput("z").build();

        assertThatThrownBy(() -> IfInlining.inline(draft(1, one))).hasMessage("an If has no then_branch");
        assertThatThrownBy(() -> IfInlining.inline(draft(1, two))).hasMessage("a branch gives 1 values, its If has 2");
    }
}
