package io.acclimate.infer;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the sessions that hold native memory: one for each served version, and those that are draining. Any thread. */
public final class LiveSessions {
    private final AtomicInteger count = new AtomicInteger();

    public int count() {
        return count.get();
    }

    void opened() {
        count.incrementAndGet();
    }

    void closed() {
        count.decrementAndGet();
    }
}
