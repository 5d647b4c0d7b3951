package io.acclimate.app.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * What an image costs: CPU time of all threads of this process (compiler and garbage collector among them) and wall time.
 */
record BenchCost(double cpuMicros, double imagesPerSecond) {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    /** The share of a stream that is left out at its beginning, while groups form and connections open. */
    private static final double SKIPPED = 0.15;

    /** How often a count is read: it belongs to serving's meters or to a client, and nothing there tells when it has grown. */
    private static final Duration BETWEEN_READINGS = Duration.ofMillis(5);

    private static final Duration STALL = Duration.ofMinutes(2);

    /** Measures work that runs in the caller's thread. */
    static BenchCost of(int images, Runnable work) {
        Reading before = Reading.at(0);
        work.run();
        return before.until(Reading.at(images));
    }

    /** Measures work that runs in other threads and counts up to {@code images}. */
    static BenchCost whileCounting(int images, LongSupplier done) throws InterruptedException {
        return whileCounting(images, done, STALL);
    }

    /** @param stall after which a count that has not got as far as it should is an error */
    static BenchCost whileCounting(int images, LongSupplier done, Duration stall) throws InterruptedException {
        ScheduledExecutorService readings = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "bench-count");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Reading first = await((long) (images * SKIPPED), done, stall, readings);
            Reading last = await(images, done, stall, readings);
            return first.until(last);
        } finally {
            readings.shutdownNow();
        }
    }

    /** The reading in which the count has first got to the target. It is taken where the count is read, before this thread is woken. */
    private static Reading await(long target, LongSupplier done, Duration stall, ScheduledExecutorService readings)
            throws InterruptedException {
        CompletableFuture<Reading> reached = new CompletableFuture<>();
        Runnable look = () -> {
            try {
                long now = done.getAsLong();
                if (now >= target) {
                    reached.complete(Reading.at(now));
                }
            } catch (RuntimeException | Error e) {
                reached.completeExceptionally(e);
            }
        };
        ScheduledFuture<?> looks =
                readings.scheduleWithFixedDelay(look, 0, BETWEEN_READINGS.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return reached.get(stall.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("stalled at " + done.getAsLong() + " of " + target + " images", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the images that are done cannot be counted", e.getCause());
        } finally {
            looks.cancel(false);
        }
    }

    /** How far the work was at a moment, and what this process had used until then. */
    private record Reading(long images, long cpuNanos, long wallNanos) {
        static Reading at(long images) {
            return new Reading(images, SYSTEM.getProcessCpuTime(), System.nanoTime());
        }

        BenchCost until(Reading later) {
            long between = later.images - images;
            double cpuMicros = (later.cpuNanos - cpuNanos) / 1e3 / between;
            double seconds = (later.wallNanos - wallNanos) / 1e9;
            return new BenchCost(cpuMicros, between / seconds);
        }
    }

    /** The least CPU time and the highest rate of both, because noise only ever adds cost. */
    BenchCost best(BenchCost other) {
        return new BenchCost(Math.min(cpuMicros, other.cpuMicros), Math.max(imagesPerSecond, other.imagesPerSecond));
    }
}
