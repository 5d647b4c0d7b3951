package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.telemetry.Telemetry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MemoryAtStartTest {
    private static final String ENOUGH_TO_SERVE = "400m";
    private static final AdaptSettings ADAPT = AdaptSettings.defaults();

    private final Telemetry telemetry = Telemetry.inMemory();

    private static AdaptCommand adapt(String memory) {
        AdaptCommand command = new AdaptCommand();
        new CommandLine(command).parseArgs("--memory", memory);
        return command;
    }

    private static UpCommand up(String memory) {
        UpCommand command = new UpCommand();
        new CommandLine(command).parseArgs("--memory", memory);
        return command;
    }

    /** Ends with an operator that has no trainable form. */
    private static ModelGraph untrainable() throws Exception {
        GraphBuilder graph = new GraphBuilder("m", 17)
                .input("x", Shape.of(3, 8, 8))
                .weight("w", FloatTensor.wrap(Shape.of(3, 3), new float[9]))
                .node("GlobalAveragePool", List.of("x"), List.of("p"), Map.of())
                .node("Flatten", List.of("p"), List.of("f"), Map.of())
                .node("MatMul", List.of("f", "w"), List.of("l"), Map.of())
                .node("BitwiseNot", List.of("l"), List.of("y"), Map.of())
                .output("y", Shape.of(3));
        List<Float> half = List.of(0.5f, 0.5f, 0.5f);
        InputSpec input = new InputSpec(
                3, 8, 8, InputSpec.Layout.NCHW, InputSpec.Colour.RGB, InputSpec.Resize.STRETCH, half, half);
        ClassNames classes = new ClassNames(List.of("a", "b", "c"));
        return ModelGraph.of(
                graph.toOnnx(), new ModelCard("m", "x", input, "y", ModelCard.OutputKind.LOGITS, classes, Map.of()));
    }

    @Test
    void upStartsWithTheMemoryThatServingNeeds() throws Exception {
        ModelGraph bundled = new ModelOptions().graph();

        assertThatCode(() -> up(ENOUGH_TO_SERVE).checkMemory(bundled, RoleSettings.defaults(), telemetry))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> up("200m").checkMemory(bundled, RoleSettings.defaults(), telemetry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("serve with");
    }

    @Test
    void adaptIsRefusedForAModelThatItWouldTrainAndNotForAnother() throws Exception {
        ModelGraph bundled = new ModelOptions().graph();
        ModelGraph untrainable = untrainable();

        assertThatThrownBy(() -> adapt(ENOUGH_TO_SERVE).checkMemory(bundled, ADAPT, telemetry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("adapt --trainable");
        assertThatCode(() -> adapt(ENOUGH_TO_SERVE).checkMemory(untrainable, ADAPT, telemetry))
                .doesNotThrowAnyException();
    }
}
