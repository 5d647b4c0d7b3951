package io.acclimate.app.memory;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process may use.
 *
 * @param heapBytes the largest heap ({@code -Xmx})
 * @param processBytes all of it: the container's limit, or the machine's memory
 */
public record MemoryLimits(long heapBytes, long processBytes) {
    public MemoryLimits {
        if (heapBytes < 1 || processBytes < 1) {
            throw new IllegalArgumentException(
                    "limits are at least 1 byte, got " + heapBytes + " of heap and " + processBytes + " in all");
        }
    }

    /** As the JVM knows them, which reads the limit of its container. */
    public static MemoryLimits ofThisProcess() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new MemoryLimits(Runtime.getRuntime().maxMemory(), Math.max(1, system.getTotalMemorySize()));
    }
}
