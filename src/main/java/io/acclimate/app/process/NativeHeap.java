package io.acclimate.app.process;

import io.acclimate.telemetry.ProcessMemory;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives unused native memory back to the system. Each model version allocates and frees some megabytes in ONNX Runtime,
 * from several threads, and glibc keeps what was freed in an arena for each of them: over 2,000 swaps a process of 520 MB grew to
 * 660. The JVM offers glibc's malloc_trim as a diagnostic command; it takes some 10 ms, so it is asked for only when the process has
 * grown. Rejected alternatives: MALLOC_ARENA_MAX bounds less, and it and the JVM's own flag must be set by whoever starts the process.
 *
 * <p>It does nothing if the system or the JVM has no such command. It has a thread of its own.
 */
final class NativeHeap implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NativeHeap.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    static final double GROWN_BYTES = 16 << 20;

    private final DoubleSupplier resident;
    private final BooleanSupplier trim;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "native-heap");
        thread.setDaemon(true);
        return thread;
    });
    /** The least memory that the process had since the last trim. Only the scheduler's thread uses it. */
    private double least = Double.MAX_VALUE;

    /** @param trim returns false when trying again is useless */
    NativeHeap(DoubleSupplier resident, BooleanSupplier trim) {
        this.resident = resident;
        this.trim = trim;
    }

    static NativeHeap ofThisProcess() {
        return new NativeHeap(ProcessMemory::residentBytes, NativeHeap::trim);
    }

    void start() {
        var unused = scheduler.scheduleWithFixedDelay(
                this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    void look() {
        double now = resident.getAsDouble();
        if (now <= least + GROWN_BYTES) {
            least = Math.min(least, now);
        } else if (!Double.isNaN(now) && trim.getAsBoolean()) {
            least = resident.getAsDouble();
        } else {
            scheduler.shutdown();
        }
    }

    private static boolean trim() {
        try {
            Object answer = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            new Object[0],
                            new String[0]);
            LOG.debug("{}", answer);
            return true;
        } catch (JMException e) {
            LOG.debug("free native memory stays with the process: {}", e.toString());
            return false;
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
