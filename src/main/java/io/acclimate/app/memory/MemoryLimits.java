package io.acclimate.app.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.VMOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this process may use.
 *
 * @param heapBytes the largest heap ({@code -Xmx})
 * @param processBytes all of it: the container's limit, or the machine's memory
 * @param heapShare how much larger the heap is for each byte that the container has more: 0 where it was given a size
 */
public record MemoryLimits(long heapBytes, long processBytes, double heapShare) {
    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final Pattern TOTAL = Pattern.compile("MemTotal: *([0-9]{1,15}) kB");

    /** The JVM itself decided, by a share of what it may use. */
    private static final Set<VMOption.Origin> CHOSEN = Set.of(VMOption.Origin.DEFAULT, VMOption.Origin.ERGONOMIC);

    public MemoryLimits {
        if (heapBytes < 1 || processBytes < 1) {
            throw new IllegalArgumentException(
                    "limits are at least 1 byte, got " + heapBytes + " of heap and " + processBytes + " in all");
        }
        if (!(heapShare >= 0 && heapShare <= 1)) {
            throw new IllegalArgumentException("the heap has a share of 0 to 1, got " + heapShare);
        }
    }

    /** A heap that was given a size. */
    public MemoryLimits(long heapBytes, long processBytes) {
        this(heapBytes, processBytes, 0);
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

    /**
     * The same with another limit for the process. The heap is a share of what the container has, and stays as it is on a machine, whose
     * memory an operator does not raise.
     */
    MemoryLimits within(long bytes) {
        return new MemoryLimits(heapBytes, bytes, areOfContainer() ? heapShare : 0);
    }

    /** As the JVM knows them, which reads the limit of its container. */
    public static MemoryLimits ofThisProcess() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long process = Math.max(1, system.getTotalMemorySize());
        HotSpotDiagnosticMXBean virtualMachine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        // What Runtime tells is less than -Xmx by what some collectors keep to copy into, and would refuse the -Xmx
        // that a refusal advises.
        VMOption heap = virtualMachine.getVMOption("MaxHeapSize");
        long bytes = Long.parseLong(heap.getValue());
        return new MemoryLimits(
                bytes, process, CHOSEN.contains(heap.getOrigin()) ? Math.min(1, (double) bytes / process) : 0);
    }
}
