package io.acclimate.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.CardYaml;
import io.acclimate.onnx.node.InvalidModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Well-formed files that ONNX Runtime or the dry run must turn down. */
class ModelOpenFaultTest {
    private static final Map<String, Object> NONE = Map.of();

    @TempDir
    Path folder;

    /** Flatten and a matrix of {@code outputs} columns, then what a test adds from {@code scores} to {@code logits}. */
    private static GraphBuilder linear(int outputs) {
        return new GraphBuilder("linear", 13)
                .input("input", BiasModel.INPUT.row())
                .weight("w", FloatTensor.wrap(Shape.of(192, outputs), new float[192 * outputs]))
                .node("Flatten", List.of("input"), List.of("flat"), NONE)
                .node("MatMul", List.of("flat", "w"), List.of("scores"), NONE);
    }

    @Test
    void fault10AnUnknownOperatorIsRefusedByNameAndWhatRunsGoesOn() throws Exception {
        FloatTensor batch = FloatTensor.wrap(BiasModel.INPUT.row().prepend(2), new float[2 * 192]);
        try (ModelSession running =
                ModelSession.open(BiasModel.graph(), BiasModel.version(3), SessionSettings.defaults())) {
            byte[] frobnicate = linear(5)
                    .node("Frobnicate", List.of("scores"), List.of("logits"), NONE)
                    .output("logits", Shape.of(5))
                    .toOnnx();
            byte[] misused = linear(5)
                    .node("Conv", List.of("scores", "w"), List.of("logits"), NONE)
                    .output("logits", Shape.of(5))
                    .toOnnx();

            refused(frobnicate, "Frobnicate");
            refused(misused, "Conv");

            assertThat(Scores.best(running.run(batch), 1)).isEqualTo(3);
        }
    }

    @Test
    void fault12WrongExtentsTypesAndClassCountsAreRefusedByTheDryRun() throws Exception {
        // The output's extents are not declared, but follow from its operators.
        refused(
                linear(5)
                        .node("Concat", List.of("scores", "scores"), List.of("logits"), Map.of("axis", 1L))
                        .output("logits", Shape.of())
                        .toOnnx(),
                "the output has 10",
                "5 classes");
        refused(
                linear(7)
                        .node("Identity", List.of("scores"), List.of("logits"), NONE)
                        .output("logits", Shape.of(7))
                        .toOnnx(),
                "5 classes",
                "7");
        refused(
                linear(5)
                        .node("Transpose", List.of("scores"), List.of("logits"), NONE)
                        .output("logits", Shape.of())
                        .toOnnx(),
                "[5, 1]");
        refused(
                linear(5)
                        .node("Cast", List.of("scores"), List.of("logits"), Map.of("to", 7L))
                        .output("logits", Shape.of(5))
                        .toOnnx(),
                "logits");
        byte[] narrow = new GraphBuilder("narrow", 13)
                .input("input", BiasModel.INPUT.row())
                .weight("w", FloatTensor.wrap(Shape.of(64, 5), new float[320]))
                .node("Flatten", List.of("input"), List.of("flat"), NONE)
                .node("MatMul", List.of("flat", "w"), List.of("logits"), NONE)
                .output("logits", Shape.of(5))
                .toOnnx();
        refused(narrow, "linear.onnx");
        byte[] other = new GraphBuilder("other", 13)
                .input("input", Shape.of(3, 9, 9))
                .weight("w", FloatTensor.wrap(Shape.of(243, 5), new float[243 * 5]))
                .node("Flatten", List.of("input"), List.of("flat"), NONE)
                .node("MatMul", List.of("flat", "w"), List.of("logits"), NONE)
                .output("logits", Shape.of(5))
                .toOnnx();
        refused(other, "[3, 8, 8]", "[3, 9, 9]");
    }

    private void refused(byte[] onnx, String... reasons) throws Exception {
        Path file = Files.write(folder.resolve("linear.onnx"), onnx);
        Files.writeString(
                folder.resolve("linear.yaml"), CardYaml.write(BiasModel.graph().card()));
        assertThatThrownBy(() -> {
                    ModelGraph graph = ModelGraph.read(file);
                    try (ModelSession session =
                            ModelSession.open(graph, WeightDelta.EMPTY, SessionSettings.defaults())) {
                        WarmUp.run(session, graph.card(), 4);
                    }
                })
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContainingAll(reasons);
    }
}
