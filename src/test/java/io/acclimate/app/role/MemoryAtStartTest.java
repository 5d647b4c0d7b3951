package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.telemetry.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static MinibatchCommand minibatch(String memory) {
        MinibatchCommand command = new MinibatchCommand();
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
    void upIsRefusedWhereItsRolesNeedMoreThanItIsGiven() throws Exception {
        ModelGraph bundled = new ModelOptions().graph();

        assertThatThrownBy(() ->
                        up(ENOUGH_TO_SERVE).checkMemory(bundled, RoleSettings.defaults(), Optional.empty(), telemetry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("up --trainable")
                .hasMessageContaining("give it 7")
                .hasMessageContaining("train less");
    }

    /** This JVM has some heap, and all of it counts. */
    @Test
    void upIsRefusedWhereItsHeapMayGrowBeyondWhatItIsGiven() throws Exception {
        ModelGraph bundled = new ModelOptions().graph();
        RoleSettings roles = RoleSettings.defaults();
        long heap = Runtime.getRuntime().maxMemory() >> 20;

        assertThatThrownBy(() ->
                        up(Math.max(heap, 200) + 600 + "m").checkMemory(bundled, roles, Optional.empty(), telemetry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("start it with -Xmx");
        assertThatCode(() -> up(heap + 700 + "m").checkMemory(bundled, roles, Optional.empty(), telemetry))
                .doesNotThrowAnyException();
    }

    @Test
    void minibatchIsRefusedWhereItsStoresDoNotFit() throws Exception {
        ModelGraph bundled = new ModelOptions().graph();
        MiniBatchSettings four = RoleSettings.defaults().miniBatch();
        MiniBatchSettings twenty = four.withStreams(four.streams().withPartitions(20));

        assertThatCode(() -> minibatch(ENOUGH_TO_SERVE).checkMemory(bundled, four, telemetry))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> minibatch(ENOUGH_TO_SERVE).checkMemory(bundled, twenty, telemetry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("minibatch needs");
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
