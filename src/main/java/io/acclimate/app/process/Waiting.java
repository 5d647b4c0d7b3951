package io.acclimate.app.process;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Says when a process is ready, and every ten seconds what it waits for while it is not. One thread looks, often. */
public final class Waiting {
    private static final Duration BETWEEN_REMARKS = Duration.ofSeconds(10);
    /** Most starts take less, and a line about them would be no news. */
    private static final Duration FIRST_REMARK = Duration.ofSeconds(3);

    private final Supplier<List<String>> waitingFor;
    private final Consumer<String> log;
    private final LongSupplier nanoTime;
    private boolean ready;
    private long next;

    public Waiting(Supplier<List<String>> waitingFor, Consumer<String> log) {
        this(waitingFor, log, System::nanoTime);
    }

    Waiting(Supplier<List<String>> waitingFor, Consumer<String> log, LongSupplier nanoTime) {
        this.waitingFor = waitingFor;
        this.log = log;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong() + FIRST_REMARK.toNanos();
    }

    /** Looks once; it says something at most when readiness changes and every ten seconds. */
    public void look() {
        List<String> missing = waitingFor.get();
        long now = nanoTime.getAsLong();
        if (missing.isEmpty()) {
            if (!ready) {
                ready = true;
                log.accept("ready");
            }
            return;
        }
        if (ready) {
            // What is missing for a moment, such as in a rebalance, is not said.
            ready = false;
            next = now + FIRST_REMARK.toNanos();
        }
        if (now - next >= 0) {
            next = now + BETWEEN_REMARKS.toNanos();
            log.accept("not ready, waiting for " + String.join("; ", missing));
        }
    }
}
