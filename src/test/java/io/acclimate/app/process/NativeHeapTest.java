package io.acclimate.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NativeHeapTest {
    private static final double MIB = 1 << 20;

    private final AtomicInteger trims = new AtomicInteger();

    @Test
    void trimsWhenTheProcessHasGrownSinceItsLeast() {
        // The fifth is what the trim left.
        Deque<Double> resident = new ArrayDeque<>(
                List.of(500 * MIB, 515 * MIB, 490 * MIB, 507 * MIB, 495 * MIB, 510 * MIB, 512 * MIB, 495 * MIB));
        try (NativeHeap heap = new NativeHeap(resident::remove, () -> trims.incrementAndGet() > 0)) {
            for (int i = 0; i < 3; i++) {
                heap.look();
            }
            assertThat(trims).hasValue(0);
            heap.look();
            assertThat(trims).hasValue(1);
            heap.look();
            assertThat(trims).hasValue(1);
            heap.look();
            assertThat(trims).hasValue(2);
        }
    }

    @Test
    void leavesAProcessAloneWhoseMemoryCannotBeRead() {
        try (NativeHeap heap = new NativeHeap(() -> Double.NaN, () -> trims.incrementAndGet() > 0)) {
            heap.look();
            heap.look();
        }
        assertThat(trims).hasValue(0);
    }
}
