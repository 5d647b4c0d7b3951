package io.acclimate.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrefixGraphTest {
    private static final List<Float> HALF = List.of(0.5f, 0.5f, 0.5f);

    private static FloatTensor zeros(int... extents) {
        return FloatTensor.wrap(
                Shape.of(extents), new float[(int) Shape.of(extents).elements()]);
    }

    /** An image, pooled, through two products; the bound of a Clip is no weight. */
    private static ModelGraph model() throws InvalidModelException {
        byte[] onnx = new GraphBuilder("m", 17)
                .input("x", Shape.of(3, 4, 4))
                .weight("low", zeros(1))
                .weight("w1", zeros(3, 5))
                .weight("w2", zeros(5, 2))
                .node("GlobalAveragePool", List.of("x"), List.of("p"), Map.of())
                .node("Flatten", List.of("p"), List.of("f"), Map.of())
                .node("MatMul", List.of("f", "w1"), List.of("hidden"), Map.of())
                .node("Clip", List.of("hidden", "low"), List.of("active"), Map.of())
                .node("MatMul", List.of("active", "w2"), List.of("y"), Map.of())
                .output("y", Shape.of(2))
                .toOnnx();
        InputSpec spec = new InputSpec(
                3, 4, 4, InputSpec.Layout.NCHW, InputSpec.Colour.RGB, InputSpec.Resize.STRETCH, HALF, HALF);
        return ModelGraph.of(
                onnx,
                new ModelCard(
                        "m", "x", spec, "y", ModelCard.OutputKind.LOGITS, new ClassNames(List.of("a", "b")), Map.of()));
    }

    @Test
    void thePrefixHoldsWhatItsFrontierDependsOnAndNoMore() throws Exception {
        PrefixGraph prefix = model().prefix(Set.of("w2"), Set.of("y")).orElseThrow();

        GraphProto graph = ModelProto.parseFrom(prefix.skeleton()).getGraph();
        assertThat(prefix.frontier()).isEqualTo("active");
        assertThat(prefix.weights()).containsOnlyKeys("w1");
        assertThat(graph.getNodeList())
                .extracting(node -> node.getOpType())
                .containsExactly("GlobalAveragePool", "Flatten", "MatMul", "Clip");
        assertThat(graph.getInitializerList()).extracting(TensorProto::getName).containsExactly("low", "w1");
        assertThat(graph.getOutputList()).extracting(each -> each.getName()).containsExactly("active");
    }

    @Test
    void itKnowsItsModelAndOneRowOfItsInput() throws Exception {
        PrefixGraph prefix = model().prefix(Set.of("w2"), Set.of()).orElseThrow();

        assertThat(prefix.model()).isEqualTo("m");
        assertThat(prefix.inputName()).isEqualTo("x");
        assertThat(prefix.row()).isEqualTo(Shape.of(3, 4, 4));
    }

    @Test
    void itsWeightsAreTheModelsOwnAndNoCopies() throws Exception {
        ModelGraph model = model();

        PrefixGraph prefix = model.prefix(Set.of("w2"), Set.of()).orElseThrow();

        assertThat(prefix.weights().get("w1")).isSameAs(model.weights().get("w1"));
    }

    @Test
    void aBoundIsNoWeightSoItStaysInTheSkeletonWithItsValue() throws Exception {
        ModelGraph model = model();

        TensorProto bound = ModelProto.parseFrom(model.skeleton()).getGraph().getInitializer(0);

        assertThat(model.weights()).containsOnlyKeys("w1", "w2");
        assertThat(bound.getName()).isEqualTo("low");
        assertThat(bound.getDataLocation()).isEqualTo(TensorProto.DataLocation.DEFAULT);
    }

    @Test
    void aDeltaThatNamesATensorTwiceOrIsNoneIsRefused() {
        TensorProto tensor = TensorProto.newBuilder()
                .setName("w")
                .setDataType(1)
                .addFloatData(1)
                .build();
        GraphProto twice = GraphProto.newBuilder()
                .addInitializer(tensor)
                .addInitializer(tensor)
                .build();

        assertThatThrownBy(() -> WeightDelta.parse(new byte[] {1, 2, 3})).hasMessageContaining("not a weight delta");
        assertThatThrownBy(() -> WeightDelta.parse(twice.toByteArray())).hasMessageContaining("'w' comes twice");
    }
}
