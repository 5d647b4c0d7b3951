package io.acclimate.app.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Shape;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.RowMemory;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.serve.ServeSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryEstimateTest {
    private static final long MIB = 1L << 20;
    private static final AdaptSettings ADAPT = AdaptSettings.defaults();

    private static ModelGraph bundled() throws Exception {
        return new ModelOptions().graph();
    }

    @Test
    void theBundledModelNeedsLittleMoreThanItsLibraries() throws Exception {
        assertThat(MemoryEstimate.serve(bundled(), ServeSettings.forProcessors(2))
                        .bytes())
                .isLessThan(300 * MIB);
        assertThat(MemoryEstimate.adapt(bundled(), ADAPT).bytes()).isLessThan(520 * MIB);
        assertThat(MemoryEstimate.up(bundled(), ServeSettings.forProcessors(2), ADAPT)
                        .bytes())
                .isBetween(
                        MemoryEstimate.adapt(bundled(), ADAPT).bytes(),
                        MemoryEstimate.adapt(bundled(), ADAPT).bytes() + 100 * MIB);
    }

    @Test
    void aHeadTakesLessHeapThanAllWeights() throws Exception {
        AdaptSettings head = ADAPT.withTrain(ADAPT.train().withTrainable("head"));

        assertThat(MemoryEstimate.adapt(bundled(), head).heapBytes())
                .isLessThan(MemoryEstimate.adapt(bundled(), ADAPT).heapBytes());
    }

    /** Two products of three values each, so that every weight has as many rows and columns as there are classes. */
    private static ModelGraph square(boolean trainable) throws Exception {
        GraphBuilder graph = new GraphBuilder("square", 17)
                .input("x", Shape.of(3, 8, 8))
                .weight("first", FloatTensor.wrap(Shape.of(3, 3), new float[9]))
                .weight("last", FloatTensor.wrap(Shape.of(3, 3), new float[9]))
                .node("GlobalAveragePool", List.of("x"), List.of("p"), Map.of())
                .node("Flatten", List.of("p"), List.of("f"), Map.of())
                .node("MatMul", List.of("f", "first"), List.of("h"), Map.of())
                .node("MatMul", List.of("h", "last"), List.of("l"), Map.of())
                .node(trainable ? "Relu" : "BitwiseNot", List.of("l"), List.of("y"), Map.of())
                .output("y", Shape.of(3));
        List<Float> half = List.of(0.5f, 0.5f, 0.5f);
        InputSpec input = new InputSpec(
                3, 8, 8, InputSpec.Layout.NCHW, InputSpec.Colour.RGB, InputSpec.Resize.STRETCH, half, half);
        ClassNames classes = new ClassNames(List.of("a", "b", "c"));
        return ModelGraph.of(
                graph.toOnnx(),
                new ModelCard("square", "x", input, "y", ModelCard.OutputKind.LOGITS, classes, Map.of()));
    }

    private static AdaptSettings training(String set) {
        return ADAPT.withTrain(ADAPT.train().withTrainable(set));
    }

    @Test
    void onlyTheWeightsThatAreTrainedCount() throws Exception {
        ModelGraph model = square(true);
        long head = MemoryEstimate.adapt(model, training("head")).heapBytes();

        assertThat(MemoryEstimate.adapt(model, training("last:1")).heapBytes()).isEqualTo(head);
        assertThat(MemoryEstimate.adapt(model, training("name:last")).heapBytes())
                .isEqualTo(head);
        assertThat(MemoryEstimate.adapt(model, training("all")).heapBytes() - head)
                .isEqualTo(7 * 4 * 9);
    }

    @Test
    void theLastLayerNeedsTheSameUnderEachOfItsNames() throws Exception {
        MemoryNeed head = MemoryEstimate.adapt(bundled(), training("head"));
        MemoryNeed last = MemoryEstimate.adapt(bundled(), training("last:1"));

        assertThat(last.bytes()).isEqualTo(head.bytes());
        assertThat(last.wayOut()).isEmpty();
    }

    @Test
    void judgingCountsNoMoreRowsThanAreKeptToJudgeBy() throws Exception {
        // 16 MiB would take 21,845 rows of these, and 256 are kept.
        assertThat(MemoryEstimate.adapt(square(true), ADAPT).nativeBytes()).isLessThan(381 * MIB);
    }

    @Test
    void aModelThatCannotBeTrainedNeedsOnlyWhatServingNeeds() throws Exception {
        ServeSettings serve = ServeSettings.forProcessors(2);

        assertThat(MemoryEstimate.trains(square(true), ADAPT)).isTrue();
        assertThat(MemoryEstimate.trains(square(false), ADAPT)).isFalse();
        assertThat(MemoryEstimate.up(square(false), serve, ADAPT))
                .isEqualTo(MemoryEstimate.serve(square(false), serve));
    }

    @Test
    void theBundledModelsValuesBetweenLayersAreThoseOfItsLayers() throws Exception {
        RowMemory row = bundled().rowMemory();

        // The first convolution gives 6 x 28 x 28 values, its activation as many.
        assertThat(row.peakBytes()).isEqualTo(2 * 4 * 6 * 28 * 28);
        assertThat(row.allBytes()).isGreaterThan(row.peakBytes());
    }

    @Test
    void stepsHaveFewerSamplesOnlyWhereTheirMemoryDemandsIt() throws Exception {
        StepSettings steps = ADAPT.steps();

        assertThat(MemoryEstimate.steps(bundled(), ADAPT)).isEqualTo(steps);
        assertThat(steps.within(23 * MIB).batchSize()).isEqualTo(7);
        assertThat(steps.within(1 << 30).batchSize()).isEqualTo(4);
        assertThat(steps.within(23 * MIB).withReplay(steps.replaySteps(), steps.replayCapacity()))
                .isEqualTo(steps.within(23 * MIB));
    }
}
