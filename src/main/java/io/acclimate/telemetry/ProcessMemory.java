package io.acclimate.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Resident memory of the process. The heap is not enough to see a leak here: sessions, tensors and RocksDB are native. Read
 * from {@code /proc}, so NaN where there is none.
 */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMemory() {}

    static void bindTo(MeterRegistry registry) {
        Gauge.builder("process.resident.memory", ProcessMemory::residentBytes)
                .baseUnit("bytes")
                .description("Resident memory of the process, native allocations included.")
                .register(registry);
    }

    /** NaN where it cannot be known. */
    public static double residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024.0;
                }
            }
            return Double.NaN;
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
