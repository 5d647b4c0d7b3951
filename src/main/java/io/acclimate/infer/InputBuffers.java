package io.acclimate.infer;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Direct memory in native byte order for session inputs, and for the weights while a session is opened. It is reused, because
 * allocating it costs more than filling it. Consecutive sessions share one pool. The reason is that direct memory is freed only when
 * the collector finds its owner dead, and a buffer that a session held for minutes is in the old generation. If each session had
 * buffers of its own, swaps would leave unused ones behind, up to the size of the heap. The pool holds as many buffers as there were
 * concurrent runs, each as large as the largest batch. Any thread.
 *
 * <p>The weights have a buffer of their own, which may be much larger than a batch and is needed for some milliseconds only. So the
 * collector may take it while nobody uses it. All sessions that are opened until then are opened from the same one.
 */
public final class InputBuffers {
    private final Queue<FloatBuffer> free = new ConcurrentLinkedQueue<>();
    /** This object's lock guards this field. */
    private WeakReference<FloatBuffer> weights = new WeakReference<>(null);

    static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Returns a cleared buffer with room for {@code floats} values. */
    FloatBuffer take(int floats) {
        FloatBuffer found = free.poll();
        if (found != null && found.capacity() >= floats) {
            return found.clear();
        }
        // Sizes are powers of two, so that a batch that grows row by row does not leave a buffer behind each time.
        long roomy = Math.max(1L, Long.highestOneBit(Math.max(1, floats - 1L)) << 1);
        return direct(roomy * 4 > Integer.MAX_VALUE ? floats : (int) roomy);
    }

    void give(FloatBuffer buffer) {
        free.add(buffer);
    }

    /** Returns a cleared buffer with room for {@code floats} values of weights. */
    FloatBuffer takeForWeights(int floats) {
        synchronized (this) {
            FloatBuffer found = weights.get();
            if (found != null && found.capacity() >= floats) {
                weights.clear();
                return found.clear();
            }
        }
        return direct(floats);
    }

    /** The larger of this one and what was given before is kept. */
    synchronized void giveOfWeights(FloatBuffer buffer) {
        FloatBuffer other = weights.get();
        if (other == null || other.capacity() < buffer.capacity()) {
            weights = new WeakReference<>(buffer);
        }
    }
}
