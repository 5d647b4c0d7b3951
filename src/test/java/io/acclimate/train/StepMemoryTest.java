package io.acclimate.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import org.junit.jupiter.api.Test;

class StepMemoryTest {
    private static final int LARGE = StepMemory.LARGE_BYTES / Float.BYTES;

    private final StepMemory memory = new StepMemory();

    private static FloatTensor ramp(int size, float first) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = first + i;
        }
        return FloatTensor.wrap(Shape.of(size), values);
    }

    @Test
    void laterStepsUseTheMemoryOfTheFirst() {
        for (int step = 0; step < 5; step++) {
            memory.begin();
            try (NDManager manager = TorchEngine.newManager()) {
                NDArray one = memory.array(manager, ramp(LARGE, step));
                NDArray other = memory.array(manager, ramp(LARGE, step + 7));
                assertThat(one.toFloatArray()).isEqualTo(ramp(LARGE, step).values());
                assertThat(other.toFloatArray()).isEqualTo(ramp(LARGE, step + 7).values());
            }
        }

        assertThat(memory.bytes()).isEqualTo(2L * StepMemory.LARGE_BYTES);
    }

    @Test
    void smallTensorsAreLeftToTheEngine() {
        memory.begin();
        try (NDManager manager = TorchEngine.newManager()) {
            assertThat(memory.array(manager, ramp(LARGE - 1, 3)).toFloatArray())
                    .isEqualTo(ramp(LARGE - 1, 3).values());
        }

        assertThat(memory.bytes()).isZero();
    }
}
