package io.acclimate.app.memory;

import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** How much memory a process may use, and whether its roles can work with it. */
public final class MemoryOption {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryOption.class);
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,6})([mMgG])");

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "What this process may use in all, heap included, as 1400m or 2g; a model that needs more is refused at the"
                            + " start (default: what the container or the machine has).")
    Optional<String> memory = Optional.empty();

    /**
     * Says what is needed, in the log and as meters.
     *
     * @throws IllegalStateException when it cannot fit; the message has the way out
     */
    public void check(MemoryNeed need, Telemetry telemetry) {
        MemoryLimits limits = limits();
        telemetry.set(Meter.MEMORY_LIMIT, (double) limits.processBytes());
        telemetry.set(Meter.MEMORY_NEEDED, (double) need.bytes());
        need.refusal(limits).ifPresent(refusal -> {
            throw new IllegalStateException(refusal);
        });
        LOG.info(
                "{}; this process may use {} in all, {} of it as heap",
                need,
                MemoryNeed.mib(limits.processBytes()),
                MemoryNeed.mib(limits.heapBytes()));
        need.warning(limits).ifPresent(LOG::warn);
    }

    MemoryLimits limits() {
        MemoryLimits found = MemoryLimits.ofThisProcess();
        return memory.map(text -> new MemoryLimits(found.heapBytes(), bytes(text)))
                .orElse(found);
    }

    private static long bytes(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException("--memory '" + text + "' is no size such as 1400m or 2g");
        }
        return Long.parseLong(size.group(1)) << (size.group(2).equalsIgnoreCase("g") ? 30 : 20);
    }
}
