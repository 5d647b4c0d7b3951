package io.acclimate.app.memory;

import io.acclimate.app.options.Checked;
import io.acclimate.app.options.Heading;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** How much memory a process may use, and whether its roles can work with it. */
@Heading("Memory")
public final class MemoryOption implements Checked {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryOption.class);
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,6})([mMgG])");

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "What this process may use in all, heap included, as 1400m or 2g; a model that needs more is refused at the"
                            + " start, and so is up when its heap may grow beyond it (default: what the container or the machine has).")
    Optional<String> memory = Optional.empty();

    /**
     * Says what is needed, in the log and as meters.
     *
     * @throws IllegalStateException when it cannot fit; the message has the way out
     */
    public void check(MemoryNeed need, Telemetry telemetry) {
        check(need, need, telemetry);
    }

    /**
     * Says what is needed, of a process that has all roles. Where it was told what it may use, by this option, it must be able to keep to that: a
     * process that is killed each time it trains is of less use than one that says why it does not start. The limit of a container only makes
     * it warn and give freed memory back: whoever started it there with less than all its roles may take has a service that serves.
     *
     * @param required what the process is of no use without
     * @param whole what all its roles need
     * @throws IllegalStateException when the process may take more than it may use; the message has the way out
     */
    public void checkAll(MemoryNeed required, MemoryNeed whole, Telemetry telemetry) {
        MemoryLimits limits = limits();
        if (memory.isPresent()) {
            whole.excess(limits).ifPresent(excess -> {
                throw new IllegalStateException(excess);
            });
        }
        if (memory.isPresent() || limits.areOfContainer()) {
            Malloc.giveBack();
        }
        check(required, whole, telemetry);
    }

    /**
     * Says what is needed, as {@link #check(MemoryNeed, Telemetry)} does, of a process that is of use without all of it.
     *
     * @param required what the process is of no use without
     * @param whole what all its roles need; the log warns where it cannot fit
     * @throws IllegalStateException when what is required cannot fit
     */
    public void check(MemoryNeed required, MemoryNeed whole, Telemetry telemetry) {
        MemoryLimits limits = limits();
        telemetry.set(Meter.MEMORY_LIMIT, (double) limits.processBytes());
        telemetry.set(Meter.MEMORY_NEEDED, (double) whole.bytes());
        required.refusal(limits).ifPresent(refusal -> {
            throw new IllegalStateException(refusal);
        });
        Optional<String> tooLarge = whole.refusal(limits);
        if (tooLarge.isPresent()) {
            LOG.warn("{}; it serves all the same, but training may fail or end the process", tooLarge.get());
            return;
        }
        LOG.info(
                "{}; this process may use {} in all, {} of it as heap",
                whole,
                MemoryNeed.mib(limits.processBytes()),
                MemoryNeed.mib(limits.heapBytes()));
        whole.warning(limits).ifPresent(LOG::warn);
    }

    @Override
    public void check() {
        var unused = limits();
    }

    MemoryLimits limits() {
        MemoryLimits found = MemoryLimits.ofThisProcess();
        return memory.map(text -> found.within(bytes(text))).orElse(found);
    }

    private static long bytes(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException("--memory '" + text + "' is no size such as 1400m or 2g");
        }
        return Long.parseLong(size.group(1)) << (size.group(2).equalsIgnoreCase("g") ? 30 : 20);
    }
}
