package io.acclimate.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.Tensors;
import io.acclimate.onnx.rewrite.Normaliser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NormaliserTest {
    private static FloatTensor ramp(int... extents) {
        Shape shape = Shape.of(extents);
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        return FloatTensor.wrap(shape, values);
    }

    private static GraphProto normalised(GraphBuilder builder) throws Exception {
        return normalised(ModelProto.parseFrom(builder.toOnnx()));
    }

    private static GraphProto normalised(ModelProto model) {
        ModelProto once = new Normaliser(model).normalise();
        assertThat(new Normaliser(once).normalise()).as("normalised twice").isEqualTo(once);
        return once.getGraph();
    }

    private static ModelProto withBatchOfOne(GraphBuilder builder) throws Exception {
        ModelProto.Builder model = ModelProto.parseFrom(builder.toOnnx()).toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        for (ValueInfoProto.Builder each : List.of(graph.getInputBuilder(0), graph.getOutputBuilder(0))) {
            each.getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .getDimBuilder(0)
                    .setDimValue(1);
        }
        return model.build();
    }

    private static List<String> types(GraphProto graph) {
        return graph.getNodeList().stream().map(NodeProto::getOpType).toList();
    }

    private static long[] constant(GraphProto graph, String name) {
        for (TensorProto tensor : graph.getInitializerList()) {
            if (tensor.getName().equals(name)) {
                return Tensors.toConstant(tensor).orElseThrow().longs();
            }
        }
        throw new AssertionError("no initializer " + name);
    }

    private static boolean takesAnyBatch(GraphProto graph) {
        return !graph.getInput(0).getType().getTensorType().getShape().getDim(0).hasDimValue();
    }

    @Test
    void nodesExportedInTrainingModeInfer() throws Exception {
        GraphProto graph = normalised(new GraphBuilder("g", 14)
                .input("x", Shape.of(2, 4, 4))
                .weight("v", ramp(2))
                .node(
                        "BatchNormalization",
                        List.of("x", "v", "v", "v", "v"),
                        List.of("n", "m", "s"),
                        Map.of("training_mode", 1L))
                .constant("yes", 1)
                .node("Dropout", List.of("n", "", "yes"), List.of("y"), Map.of())
                .output("y", Shape.of(2, 4, 4)));

        assertThat(graph.getNode(0).getOutputList()).containsExactly("n");
        assertThat(graph.getNode(0).getAttributeList()).isEmpty();
        assertThat(graph.getNode(1).getInputList()).containsExactly("n");
    }

    @Test
    void sharedInitializersBehindIdentityPartAndATiedWeightStaysOne() throws Exception {
        GraphProto graph = normalised(new GraphBuilder("g", 13)
                .input("x", Shape.of(3))
                .weight("w", ramp(3, 3))
                .weight("b", ramp(3))
                .node("Identity", List.of("b"), List.of("b1"), Map.of())
                .node("Identity", List.of("b1"), List.of("b2"), Map.of())
                .node("Identity", List.of("x"), List.of("x1"), Map.of())
                .node("Identity", List.of("x1"), List.of("x2"), Map.of())
                .node("Gemm", List.of("x2", "w", "b1"), List.of("h"), Map.of())
                .node("Gemm", List.of("h", "w", "b2"), List.of("y"), Map.of())
                .output("y", Shape.of(3)));

        assertThat(graph.getNode(0).getInputList()).containsExactly("x", "w", "b1");
        assertThat(graph.getNode(1).getInputList()).containsExactly("h", "w", "b2");
        assertThat(graph.getInitializerList())
                .extracting(TensorProto::getName)
                .containsExactlyInAnyOrder("w", "b1", "b2");
    }

    /** As an exporter writes {@code x.view(x.size(0), -1)} and {@code weight.expand(2, 3)}. */
    @Test
    void arithmeticOnStaticExtentsIsFoldedAndTheBatchStaysFree() throws Exception {
        GraphProto graph = normalised(new GraphBuilder("g", 13)
                .input("x", Shape.of(2, 3))
                .weight("w", ramp(1, 3))
                .constant("first", 0)
                .constant("rest", -1)
                .constant("last", 2)
                .constant("end", 3)
                .constant("ones", 1, 1)
                .constant("wanted", -1, 3)
                .node("Shape", List.of("x"), List.of("s"), Map.of())
                .node("Gather", List.of("s", "first"), List.of("n"), Map.of())
                .node("Concat", List.of("n", "rest"), List.of("target"), Map.of("axis", 0L))
                .node("Reshape", List.of("x", "target"), List.of("rows"), Map.of())
                .node("Slice", List.of("s", "last", "end"), List.of("three"), Map.of())
                .node("Div", List.of("three", "three"), List.of("one"), Map.of())
                .node("Concat", List.of("one", "three"), List.of("like"), Map.of("axis", 0L))
                .node("Equal", List.of("wanted", "rest"), List.of("kept"), Map.of())
                .node("Where", List.of("kept", "ones", "wanted"), List.of("to"), Map.of())
                .node("Mul", List.of("to", "like"), List.of("product"), Map.of())
                .node("Expand", List.of("w", "to"), List.of("wide"), Map.of())
                .node("Concat", List.of("wide", "wide"), List.of("six"), Map.of("axis", 1L))
                .node("Mul", List.of("rows", "six"), List.of("y"), Map.of())
                .output("y", Shape.of(6)));

        assertThat(types(graph)).containsExactly("Reshape", "Expand", "Concat", "Mul");
        assertThat(constant(graph, graph.getNode(0).getInput(1))).containsExactly(-1, 6);
        assertThat(constant(graph, "to")).containsExactly(1, 3);
    }

    @Test
    void anIfOnAConstantBecomesItsBranch() throws Exception {
        ModelProto.Builder model = ModelProto.parseFrom(new GraphBuilder("g", 13)
                        .input("x", Shape.of(3))
                        .constant("no", 0)
                        .constant("yes", 1)
                        .node("Relu", List.of("q"), List.of("y"), Map.of())
                        .output("y", Shape.of(3))
                        .toOnnx())
                .toBuilder();
        NodeProto last = model.getGraph().getNode(0);
        model.getGraphBuilder()
                .clearNode()
                .addNode(branches("yes", "x", "p"))
                .addNode(branches("no", "p", "q"))
                .addNode(last);

        GraphProto graph = normalised(model.build());

        assertThat(types(graph)).containsExactly("Neg", "Abs", "Relu");
        assertThat(graph.getNode(1).getInput(0)).isEqualTo(graph.getNode(0).getOutput(0));
        assertThat(graph.getNode(2).getInput(0)).isEqualTo(graph.getNode(1).getOutput(0));
    }

    /** {@code -from} where the condition holds, else {@code |from|}; both call the inner value {@code inner}. */
    private static NodeProto branches(String condition, String from, String to) {
        NodeProto.Builder node =
                NodeProto.newBuilder().setOpType("If").addInput(condition).addOutput(to);
        for (String each : List.of("then_branch", "else_branch")) {
            GraphProto branch = GraphProto.newBuilder()
                    .addNode(NodeProto.newBuilder()
                            .setOpType(each.equals("then_branch") ? "Neg" : "Abs")
                            .addInput(from)
                            .addOutput("inner"))
                    .addOutput(ValueInfoProto.newBuilder().setName("inner"))
                    .build();
            node.addAttribute(AttributeProto.newBuilder()
                    .setName(each)
                    .setType(AttributeProto.AttributeType.GRAPH)
                    .setG(branch));
        }
        return node.build();
    }

    @Test
    void aBatchOfOneIsFreedWhereRowsStayApart() throws Exception {
        GraphProto graph = normalised(withBatchOfOne(new GraphBuilder("g", 13)
                .input("x", Shape.of(4, 6))
                .constant("windows", 2, 2, 6)
                .constant("rows", 1, 24)
                .node("Reshape", List.of("x", "windows"), List.of("w"), Map.of())
                .node("Softmax", List.of("w"), List.of("p"), Map.of("axis", -1L))
                .node("Reshape", List.of("p", "rows"), List.of("y"), Map.of())
                .output("y", Shape.of(24))));

        assertThat(takesAnyBatch(graph)).isTrue();
        assertThat(constant(graph, graph.getNode(0).getInput(1))).containsExactly(-1, 2, 6);
        assertThat(constant(graph, graph.getNode(2).getInput(1))).containsExactly(-1, 24);
    }

    @Test
    void aBatchOfOneStaysWhereRowsWouldMeet() throws Exception {
        GraphProto graph = normalised(withBatchOfOne(new GraphBuilder("g", 13)
                .input("x", Shape.of(4))
                .node("Softmax", List.of("x"), List.of("y"), Map.of("axis", 0L))
                .output("y", Shape.of(4))));

        assertThat(takesAnyBatch(graph)).isFalse();
        assertThat(graph.getOutput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDim(0)
                        .getDimValue())
                .isOne();
    }
}
