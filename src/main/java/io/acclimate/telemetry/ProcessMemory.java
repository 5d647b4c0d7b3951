package io.acclimate.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Resident memory of the process. The heap does not show every leak, because sessions, tensors and RocksDB use native memory. The
 * value is read from {@code /proc} and is NaN on systems without it.
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

    /** Resident bytes, or NaN if the system does not tell. */
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
