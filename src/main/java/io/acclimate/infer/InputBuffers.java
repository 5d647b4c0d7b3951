package io.acclimate.infer;

import java.nio.FloatBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Native-order direct memory for session inputs: allocating it anew costs more than filling it. Sessions that follow each other
 * share one of these. Direct memory is freed when the collector finds its owner dead, and what a session has held for minutes is in
 * the old generation: with buffers of its own each swap would leave some behind, up to the size of the heap. Holds as many buffers
 * as there were runs at once, each as large as the largest. Any thread.
 */
public final class InputBuffers {
    private final Queue<FloatBuffer> free = new ConcurrentLinkedQueue<>();

    /** Cleared, with room for {@code floats}. */
    FloatBuffer take(int floats) {
        FloatBuffer found = free.poll();
        if (found != null && found.capacity() >= floats) {
            return found.clear();
        }
        // Batches that grow by a row must not leave a buffer behind each time.
        long roomy = Math.max(1L, Long.highestOneBit(Math.max(1, floats - 1L)) << 1);
        return OrtSessions.direct(roomy * 4 > Integer.MAX_VALUE ? floats : (int) roomy);
    }

    void give(FloatBuffer buffer) {
        free.add(buffer);
    }
}
