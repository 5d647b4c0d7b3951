package io.acclimate.app.memory;

import java.util.Optional;

/**
 * What a role needs at least for its model.
 *
 * @param role as the operator knows it, with the settings that count
 * @param heapBytes objects of Java: weights, images that wait, what training keeps of each weight
 * @param nativeBytes beside the heap: the JVM, ONNX Runtime's sessions, PyTorch
 * @param wayOut what an operator can do besides giving it more
 */
public record MemoryNeed(String role, long heapBytes, long nativeBytes, String wayOut) {
    private static final int MIB_SHIFT = 20;

    public MemoryNeed {
        if (heapBytes < 0 || nativeBytes < 0) {
            throw new IllegalArgumentException(
                    "memory is at least 0 bytes, got " + heapBytes + " of heap and " + nativeBytes + " beside it");
        }
    }

    public long bytes() {
        return heapBytes + nativeBytes;
    }

    /** Why the role cannot work within these limits, and the way out; empty when it can. */
    public Optional<String> refusal(MemoryLimits limits) {
        if (heapBytes > limits.heapBytes()) {
            return Optional.of(this + ", and this process may use " + mib(limits.heapBytes())
                    + " of heap: start it with -Xmx" + mega(heapBytes) + "m or more" + wayOut);
        }
        if (bytes() > limits.processBytes()) {
            return Optional.of(this + ", and this process may use " + mib(limits.processBytes()) + " in all: give it "
                    + mib(bytes()) + " (mem_limit of its container)" + wayOut);
        }
        return Optional.empty();
    }

    /** A remark when the heap may grow until nothing is left for the rest; empty when all fits. */
    public Optional<String> warning(MemoryLimits limits) {
        return limits.heapBytes() + nativeBytes <= limits.processBytes()
                ? Optional.empty()
                : Optional.of("a heap of up to " + mib(limits.heapBytes()) + " and " + mib(nativeBytes)
                        + " beside it are more than the " + mib(limits.processBytes())
                        + " that this process may use: it may be killed; lower -Xmx to "
                        + mega(limits.processBytes() - nativeBytes) + "m");
    }

    /**
     * Why the role may take more than these limits, and the way out; empty when it cannot. A heap grows to what it may have before garbage is
     * collected from it, so that all of it counts, and not only what is needed of it.
     */
    public Optional<String> excess(MemoryLimits limits) {
        return refusal(limits)
                .or(() -> limits.heapBytes() + nativeBytes <= limits.processBytes()
                        ? Optional.empty()
                        : Optional.of(this + ", its heap may grow to " + mib(limits.heapBytes())
                                + ", and this process may use " + mib(limits.processBytes())
                                + " in all: start it with -Xmx" + ((limits.processBytes() - nativeBytes) >> MIB_SHIFT)
                                + "m, or give it " + mib(limits.heapBytes() + nativeBytes)));
    }

    /** The need in one line. */
    @Override
    public String toString() {
        return role + " needs some " + mib(heapBytes) + " of heap and " + mib(nativeBytes) + " beside it";
    }

    static String mib(long bytes) {
        return mega(bytes) + " MiB";
    }

    private static long mega(long bytes) {
        return (bytes + (1L << MIB_SHIFT) - 1) >> MIB_SHIFT;
    }
}
