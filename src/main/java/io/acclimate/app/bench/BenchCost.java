package io.acclimate.app.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * What an image costs: CPU time of all threads of this process (compiler and garbage collector among them) and wall time.
 */
record BenchCost(double cpuMicros, double imagesPerSecond) {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    /** The share of a stream that is left out at its beginning, while groups form and connections open. */
    private static final double SKIPPED = 0.15;

    private static final long STALL_NANOS = 120_000_000_000L;

    /** Measures work that runs in the caller's thread. */
    static BenchCost of(int images, Runnable work) {
        long cpu = SYSTEM.getProcessCpuTime();
        long wall = System.nanoTime();
        work.run();
        return between(images, cpu, wall);
    }

    /** Measures work that runs in other threads and counts up to {@code images}. */
    static BenchCost whileCounting(int images, LongSupplier done) throws InterruptedException {
        long first = await((long) (images * SKIPPED), done);
        long cpu = SYSTEM.getProcessCpuTime();
        long wall = System.nanoTime();
        long last = await(images, done);
        return between(last - first, cpu, wall);
    }

    private static long await(long target, LongSupplier done) throws InterruptedException {
        long deadline = System.nanoTime() + STALL_NANOS;
        long now = done.getAsLong();
        while (now < target) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("stalled at " + now + " of " + target + " images");
            }
            Thread.sleep(5);
            now = done.getAsLong();
        }
        return now;
    }

    private static BenchCost between(long images, long cpu, long wall) {
        double cpuMicros = (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / images;
        double seconds = (System.nanoTime() - wall) / 1e9;
        return new BenchCost(cpuMicros, images / seconds);
    }

    /** The least CPU time and the highest rate of both, because noise only ever adds cost. */
    BenchCost best(BenchCost other) {
        return new BenchCost(Math.min(cpuMicros, other.cpuMicros), Math.max(imagesPerSecond, other.imagesPerSecond));
    }
}
