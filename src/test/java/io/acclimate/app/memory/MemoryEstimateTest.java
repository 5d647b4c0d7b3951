package io.acclimate.app.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.RowMemory;
import io.acclimate.serve.ServeSettings;
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
