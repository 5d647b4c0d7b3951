package io.acclimate.onnx.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.core.ClassNames;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.Tensors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelabellingTest {
    private static final ClassNames OLD = new ClassNames(List.of("a", "b"));
    private static final ClassNames NEW = new ClassNames(List.of("b", "c", "a"));
    private static final List<Float> HALF = List.of(0.5f, 0.5f, 0.5f);
    private static final ModelCard CARD = new ModelCard(
            "m",
            "x",
            new InputSpec(3, 4, 4, InputSpec.Layout.NCHW, InputSpec.Colour.RGB, InputSpec.Resize.STRETCH, HALF, HALF),
            "y",
            ModelCard.OutputKind.LOGITS,
            OLD,
            Map.of());

    /** A matrix [2, 3] and a bias [2] of the values 1, 2, 3 and so on. */
    private static GraphBuilder model() {
        return Graphs.images()
                .weight("w", Graphs.ramp(2, 3))
                .weight("b", Graphs.ramp(2))
                .node("GlobalAveragePool", List.of("x"), List.of("p"), Map.of())
                .node("Flatten", List.of("p"), List.of("f"), Map.of())
                .node("Gemm", List.of("f", "w", "b"), List.of("y"), Map.of("transB", 1L))
                .output("y", Shape.of(2));
    }

    private static GraphProto relabelled(GraphBuilder builder, FreshRows fresh) {
        return new Relabelling(Graphs.model(builder), CARD, NEW).apply(fresh).getGraph();
    }

    private static float[] values(GraphProto graph, String name) {
        TensorProto found = graph.getInitializerList().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
        return Tensors.toFloats(found).values();
    }

    @Test
    void keptRowsMoveWithTheirNamesAndANewOneIsTheirMean() {
        GraphProto graph = relabelled(model(), new FreshRows.MeanOfKept());

        assertThat(values(graph, "w")).containsExactly(4, 5, 6, 2.5f, 3.5f, 4.5f, 1, 2, 3);
        assertThat(values(graph, "b")).containsExactly(2, 1.5f, 1);
    }

    @Test
    void freshRowsAreWithinTheBoundOfTheirFanInAndTheSeedDecides() {
        GraphProto once = relabelled(model(), new FreshRows.Uniform(3));
        GraphProto again = relabelled(model(), new FreshRows.Uniform(3));
        GraphProto other = relabelled(model(), new FreshRows.Uniform(4));

        assertThat(values(again, "w")).isEqualTo(values(once, "w")).isNotEqualTo(values(other, "w"));
        for (int i = 3; i < 6; i++) {
            assertThat(Math.abs(values(once, "w")[i])).isLessThanOrEqualTo((float) (1 / Math.sqrt(3)));
        }
        assertThat(values(once, "w")).startsWith(4, 5, 6).endsWith(1, 2, 3);
    }

    @Test
    void theDeclaredWidthOfTheOutputFollows() {
        GraphProto graph = relabelled(model(), new FreshRows.MeanOfKept());

        assertThat(graph.getOutput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDim(1)
                        .getDimValue())
                .isEqualTo(3);
    }

    @Test
    void aMatrixThatAnotherLayerReadsIsCopiedForTheHead() {
        GraphBuilder shared = model().node("MatMul", List.of("f", "w"), List.of("other"), Map.of());

        GraphProto graph = relabelled(shared, new FreshRows.MeanOfKept());

        assertThat(values(graph, "w")).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(values(graph, "w_head")).hasSize(9);
        assertThat(graph.getNode(2).getInputList()).containsExactly("f", "w_head", "b");
        assertThat(graph.getNode(3).getInputList()).containsExactly("f", "w");
    }

    @Test
    void aReshapeTargetThatNamesTheClassesNamesTheNewOnes() {
        GraphBuilder reshaped = Graphs.images()
                .weight("w", Graphs.ramp(3, 2))
                .constant("target", -1, 2)
                .node("GlobalAveragePool", List.of("x"), List.of("p"), Map.of())
                .node("Flatten", List.of("p"), List.of("f"), Map.of())
                .node("MatMul", List.of("f", "w"), List.of("scores"), Map.of())
                .node("Reshape", List.of("scores", "target"), List.of("y"), Map.of())
                .output("y", Shape.of(2));

        GraphProto graph = relabelled(reshaped, new FreshRows.MeanOfKept());

        TensorProto target = graph.getInitializer(1);
        assertThat(target.getName()).isEqualTo("target");
        assertThat(target.getInt64DataList()).containsExactly(-1L, 3L);
    }

    @Test
    void theNamesAreWrittenToTheModelOnce() {
        ModelProto model = Graphs.model(model()).toBuilder()
                .addMetadataProps(ai.onnx.proto.OnnxMl.StringStringEntryProto.newBuilder()
                        .setKey(Relabelling.METADATA)
                        .setValue("old"))
                .build();

        ModelProto relabelled = new Relabelling(model, CARD, NEW).apply(new FreshRows.MeanOfKept());

        assertThat(relabelled.getMetadataPropsList()).hasSize(1);
        assertThat(relabelled.getMetadataProps(0).getValue()).isEqualTo("b\nc\na");
    }
}
