package io.acclimate.onnx.shape;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.onnx.GraphBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShapeInferenceTest {
    private static final ValueFacts IMAGES = ValueFacts.shaped(1, List.of(Dim.BATCH, Dim.of(3), Dim.of(4), Dim.of(5)));

    private static ShapeInference walked(GraphBuilder graph) throws InvalidProtocolBufferException {
        ShapeInference inference = new ShapeInference(17, false);
        inference.put("x", IMAGES);
        ModelProto model = ModelProto.parseFrom(graph.toOnnx());
        model.getGraph().getInitializerList().forEach(each -> inference.put(each.getName(), ValueFacts.of(each)));
        model.getGraph().getNodeList().forEach(inference::walk);
        return inference;
    }

    private static GraphBuilder graph() {
        return new GraphBuilder("g", 17);
    }

    @Test
    void theFlattenThatExportersWriteInFiveNodesIsToldWithTheBatch() throws Exception {
        ShapeInference inference = walked(graph().constant("zero", 0)
                .constant("minus", -1)
                .node("Shape", List.of("x"), List.of("shape"), Map.of())
                .node("Gather", List.of("shape", "zero"), List.of("rows"), Map.of())
                .node("Concat", List.of("rows", "minus"), List.of("target"), Map.of("axis", 0L))
                .node("Reshape", List.of("x", "target"), List.of("flat"), Map.of()));

        assertThat(inference.of("flat").shape()).hasValue(List.of(Dim.BATCH, Dim.of(60)));
    }

    @Test
    void whatComesAfterAnOperatorWithoutARuleIsUnknownAndNotWrong() throws Exception {
        ShapeInference inference = walked(graph().node("Resize", List.of("x"), List.of("larger"), Map.of())
                .node("Relu", List.of("larger"), List.of("active"), Map.of()));

        assertThat(inference.of("larger")).isEqualTo(ValueFacts.NOTHING);
        assertThat(inference.of("active")).isEqualTo(ValueFacts.NOTHING);
    }

    @Test
    void aNodeThatContradictsItselfTellsNothing() throws Exception {
        ShapeInference inference = walked(
                graph().node("Transpose", List.of("x"), List.of("turned"), Map.of("perm", new long[] {9, 0, 1, 2}))
                        .node("Gemm", List.of("x"), List.of("product"), Map.of()));

        assertThat(inference.of("turned")).isEqualTo(ValueFacts.NOTHING);
        assertThat(inference.of("product")).isEqualTo(ValueFacts.NOTHING);
    }

    @Test
    void anOperatorOfAnotherDomainIsNotTakenForTheStandardsOfItsName() throws Exception {
        NodeProto relu = NodeProto.newBuilder()
                .setOpType("Relu")
                .setDomain("com.example")
                .addInput("x")
                .addOutput("y")
                .build();
        ShapeInference inference = new ShapeInference(17, false);
        inference.put("x", IMAGES);

        inference.walk(relu);
        inference.walk(relu.toBuilder().setDomain("ai.onnx").setOutput(0, "z").build());

        assertThat(inference.of("y")).isEqualTo(ValueFacts.NOTHING);
        assertThat(inference.of("z")).isEqualTo(IMAGES);
    }

    @Test
    void whatAllContentTogetherMayTakeIsBounded() {
        ShapeInference inference = new ShapeInference(17, false);
        ValueFacts large = ValueFacts.vector(Collections.nCopies(ValueFacts.LARGEST, Dim.of(1)));
        int kept = 0;

        for (int i = 0; i < 100; i++) {
            inference.put("v" + i, large);
            kept += inference.of("v" + i).content().isPresent() ? 1 : 0;
        }

        assertThat(kept).isBetween(1, 64);
        assertThat(inference.of("v99").shape()).isEqualTo(large.shape());
        assertThat(inference.of("v99").content()).isEqualTo(Optional.empty());
    }
}
