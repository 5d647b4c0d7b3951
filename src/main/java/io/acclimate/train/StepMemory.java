package io.acclimate.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.acclimate.core.FloatTensor;
import io.acclimate.train.operators.Call;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Direct memory for the large tensors that a step is given, which the next step uses again. An array that the engine makes of Java's values
 * lies in direct memory of its own, and that is freed only when the collector finds its owner dead. With all weights of a ResNet-18, each
 * step left 45 MB of it behind, and four steps' worth stood at any time.
 *
 * <p>Each tensor has a buffer for itself, as the engine allocates it, since its alignment may decide about the last bits of a product. Small
 * tensors are left to the engine. Trainers whose steps are made one after another can have one of these together. One thread.
 */
public final class StepMemory {
    /** Of a smaller tensor, what is left behind is soon collected, and to allocate it costs as little as to look for it. */
    static final int LARGE_BYTES = 1 << 10;

    private final Map<Integer, Deque<ByteBuffer>> free = new HashMap<>();
    private final List<ByteBuffer> lent = new ArrayList<>();
    /** What the arrays of the last step belong to. */
    private @Nullable NDManager last;

    /**
     * A step begins, and those before are closed.
     *
     * @throws IllegalStateException when one is not: its weights would be written over
     */
    NDManager begin(NDManager parent) {
        if (last != null && last.isOpen()) {
            throw new IllegalStateException("a step begins before the last one has ended");
        }
        giveBack(lent);
        NDManager step = parent.newSubManager();
        last = step;
        return step;
    }

    /**
     * Answers a question before the step itself: nothing that the question takes stays in memory, and its buffers are for the step to use. It
     * makes its arrays in a manager of its own.
     */
    NDArray answer(NDManager step, Function<NDManager, NDArray> question) {
        int before = lent.size();
        try (NDManager asked = step.newSubManager()) {
            NDArray answer = question.apply(asked).duplicate();
            answer.attach(step);
            return answer;
        } finally {
            giveBack(lent.subList(before, lent.size()));
        }
    }

    private void giveBack(List<ByteBuffer> buffers) {
        buffers.forEach(each -> free.computeIfAbsent(each.capacity(), size -> new ArrayDeque<>())
                .add(each));
        buffers.clear();
    }

    /** The tensor as an array of the step, valid until the next one begins; that of a question, until it is answered. */
    NDArray array(NDManager step, FloatTensor tensor) {
        float[] values = tensor.values();
        if (values.length < LARGE_BYTES / Float.BYTES) {
            return step.create(values, Call.djl(tensor.shape()));
        }
        ByteBuffer buffer = take(Math.multiplyExact(values.length, Float.BYTES));
        buffer.asFloatBuffer().put(values);
        return step.create(buffer, Call.djl(tensor.shape()), DataType.FLOAT32);
    }

    private ByteBuffer take(int bytes) {
        Deque<ByteBuffer> known = free.get(bytes);
        ByteBuffer buffer = known == null ? null : known.poll();
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
        lent.add(buffer);
        return buffer;
    }

    /** Of all buffers that were made and not given up. */
    long bytes() {
        return lent.stream().mapToLong(ByteBuffer::capacity).sum()
                + free.values().stream()
                        .flatMap(Deque::stream)
                        .mapToLong(ByteBuffer::capacity)
                        .sum();
    }
}
