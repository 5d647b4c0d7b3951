package io.acclimate.onnx.card;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputTraceTest {
    private static OutputTrace vectorMachine(AttributeProto... attributes) {
        return new OutputTrace(GraphProto.newBuilder()
                .addNode(NodeProto.newBuilder()
                        .setDomain("ai.onnx.ml")
                        .setOpType("SVMClassifier")
                        .addInput("x")
                        .addOutput("label")
                        .addOutput("scores")
                        .addAllAttribute(List.of(attributes)))
                .build());
    }

    /** As sklearn-onnx writes {@code SVC(probability=True)}. */
    @Test
    void aVectorMachineWithPlattsCoefficientsGivesProbabilities() {
        AttributeProto none = AttributeProto.newBuilder()
                .setName("post_transform")
                .setS(ByteString.copyFromUtf8("NONE"))
                .build();
        AttributeProto fitted =
                AttributeProto.newBuilder().setName("prob_a").addFloats(-1.5f).build();

        assertThat(vectorMachine(none, fitted).isProbabilities("scores")).isTrue();
        assertThat(vectorMachine(none).isProbabilities("scores")).isFalse();
    }

    private static OutputTrace complement(String type, String whole) {
        return new OutputTrace(Cards.graph(new GraphBuilder("g", 17)
                .input("x", Shape.of(1))
                .node(type, List.of("x"), List.of("p"), Map.of())
                .node("Sub", List.of("one", whole), List.of("q"), Map.of())
                .node("Concat", List.of("q", "p"), List.of("y"), Map.of("axis", 1L))
                .output("y", Shape.of(2))));
    }

    /** As sklearn-onnx writes a binary {@code MLPClassifier}. */
    @Test
    void aProbabilityBesideItsComplementGivesProbabilities() {
        assertThat(complement("Sigmoid", "p").isProbabilities("y")).isTrue();
        assertThat(complement("Relu", "p").isProbabilities("y")).isFalse();
        assertThat(complement("Sigmoid", "x").isProbabilities("y")).isFalse();
    }
}
