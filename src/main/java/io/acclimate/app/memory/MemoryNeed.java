package io.acclimate.app.memory;

import java.util.Optional;
import java.util.OptionalLong;

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
    /** What the JVM rounds a heap of up to 4 GiB up to. */
    private static final int STEP_MIB = 2;
    /** No process is large enough for a heap that is all of it. */
    private static final double MOST_SHARE = 0.95;

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
                        + Math.max(fitting(limits), mega(heapBytes)) + "m");
    }

    /**
     * Why the role may take more than these limits, and the way out; empty when it cannot. A heap grows to what it may have before garbage is
     * collected from it, so that all of it counts, and not only what is needed of it. A start that does what is advised is not refused again.
     */
    public Optional<String> excess(MemoryLimits limits) {
        boolean small = limits.heapBytes() < heapBytes;
        if (!small && limits.heapBytes() + nativeBytes <= limits.processBytes()) {
            return Optional.empty();
        }
        long fits = fitting(limits);
        long least = settable(mega(heapBytes) + STEP_MIB - 1);
        if (small && least <= fits) {
            return refusal(limits);
        }
        String xmx = least <= fits
                ? "-Xmx" + fits + "m"
                : "-Xmx" + least + "m and give it " + (least + mega(nativeBytes)) + " MiB";
        return Optional.of(this + ", its heap may grow to " + mib(limits.heapBytes())
                + ", and this process may use " + mib(limits.processBytes())
                + " in all: start it with " + xmx
                + enough(limits).stream()
                        .mapToObj(each -> ", or give it " + each + " MiB")
                        .findFirst()
                        .orElse("")
                + " (mem_limit of its container)" + wayOut);
    }

    /** The largest {@code -Xmx}, in MiB, that leaves what is needed beside it. */
    private long fitting(MemoryLimits limits) {
        return settable(Math.max(0, limits.processBytes() - nativeBytes) >> MIB_SHIFT);
    }

    /** How much the process would have to have, in MiB, with the heap that it has then; empty where the heap was given too small a size. */
    private OptionalLong enough(MemoryLimits limits) {
        double share = limits.heapShare();
        if (share == 0) {
            return limits.heapBytes() < heapBytes
                    ? OptionalLong.empty()
                    : OptionalLong.of(mega(limits.heapBytes()) + mega(nativeBytes));
        }
        if (share >= MOST_SHARE) {
            return OptionalLong.empty();
        }
        long beside = mega(nativeBytes);
        long all = Math.max((long) (beside / (1 - share)), (long) (mega(heapBytes) / share));
        while (heapOf(all, share) + beside > all || (long) (all * share) < mega(heapBytes)) {
            all++;
        }
        return OptionalLong.of(all);
    }

    /** The JVM rounds its heap up. */
    private static long heapOf(long all, double share) {
        return settable((long) Math.ceil(all * share) + STEP_MIB - 1);
    }

    /** A heap of as many MiB, or of a little less, which the JVM takes without rounding it up. */
    private static long settable(long mib) {
        return mib - mib % STEP_MIB;
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
