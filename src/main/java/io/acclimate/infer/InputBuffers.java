package io.acclimate.infer;

import io.acclimate.core.FloatTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;

/**
 * Direct memory in native byte order for session inputs. It is reused, because allocating it costs more than filling it. Consecutive sessions share one pool. The reason is that direct memory is freed only when
 * the collector finds its owner dead, and a buffer that a session held for minutes is in the old generation. If each session had
 * buffers of its own, swaps would leave unused ones behind, up to the size of the heap. The pool holds as many buffers as there were
 * concurrent runs, each as large as the largest batch. Any thread.
 *
 * <p>The weights that a session is opened from have {@link WeightMemory}, which is freed when the session is open, or {@link WeightsOnDisk}.
 */
public final class InputBuffers {
    private final Queue<FloatBuffer> free = new ConcurrentLinkedQueue<>();
    private final IntFunction<WeightMemory> weights;
    private final WeightsOnDisk.Writer disk;

    public InputBuffers() {
        this(WeightMemory::of, WeightsOnDisk::write);
    }

    /**
     * Takes what it gives for the weights of sessions from these.
     *
     * @param weights gives room for a number of weights
     * @param disk writes large ones to files
     */
    InputBuffers(IntFunction<WeightMemory> weights, WeightsOnDisk.Writer disk) {
        this.weights = weights;
        this.disk = disk;
    }

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

    /** These weights in files, which the caller closes. */
    WeightsOnDisk onDisk(Map<String, FloatTensor> large) throws IOException {
        return disk.write(large);
    }

    /** Room for {@code floats} values of weights, which the caller closes. */
    WeightMemory forWeights(int floats) {
        return weights.apply(floats);
    }
}
