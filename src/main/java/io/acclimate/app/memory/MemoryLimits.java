package io.acclimate.app.memory;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this process may use.
 *
 * @param heapBytes the largest heap ({@code -Xmx})
 * @param processBytes all of it: the container's limit, or the machine's memory
 */
public record MemoryLimits(long heapBytes, long processBytes) {
    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final Pattern TOTAL = Pattern.compile("MemTotal: *([0-9]{1,15}) kB");

    public MemoryLimits {
        if (heapBytes < 1 || processBytes < 1) {
            throw new IllegalArgumentException(
                    "limits are at least 1 byte, got " + heapBytes + " of heap and " + processBytes + " in all");
        }
    }

    /** Whether the process may use less than the machine has, as a container's limit says. */
    boolean areOfContainer() {
        return areOfContainer(MACHINE);
    }

    /** @param machine where Linux says what the machine has; another system has no containers */
    boolean areOfContainer(Path machine) {
        try (BufferedReader lines = Files.newBufferedReader(machine)) {
            String first = String.valueOf(lines.readLine());
            Matcher total = TOTAL.matcher(first);
            return total.matches() && processBytes < (Long.parseLong(total.group(1)) << 10);
        } catch (IOException e) {
            return false;
        }
    }

    /** As the JVM knows them, which reads the limit of its container. */
    public static MemoryLimits ofThisProcess() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new MemoryLimits(Runtime.getRuntime().maxMemory(), Math.max(1, system.getTotalMemorySize()));
    }
}
