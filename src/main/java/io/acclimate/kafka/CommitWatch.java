package io.acclimate.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Knows how long finished work has waited to be committed. Brokers that have lost their quorum keep their connections: they neither commit
 * nor refuse, and the client repeats its requests for a minute or two before it fails. So a role that looked at failures and connections alone
 * would say that it is ready all that time.
 *
 * <p>The time of the work itself does not count, since a large model may take long. Any thread.
 */
public final class CommitWatch {
    /** Far more than a commit takes on brokers that are well, a leader's election included. */
    static final Duration LATE = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    /** Since when each thread has waited. */
    private final Map<Thread, Long> waiting = new ConcurrentHashMap<>();

    /** @param nanos a monotonic clock, as {@code System.nanoTime} */
    public CommitWatch(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Runs a call that ends a piece of work and waits for brokers. */
    public void during(Runnable commit) {
        waiting.put(Thread.currentThread(), nanos.getAsLong());
        try {
            commit.run();
        } finally {
            waiting.remove(Thread.currentThread());
        }
    }

    /** What a role waits for whose oldest commit is late, for its health; empty when none is. */
    public Optional<String> late() {
        long now = nanos.getAsLong();
        long longest =
                waiting.values().stream().mapToLong(since -> now - since).max().orElse(0);
        return longest <= LATE.toNanos()
                ? Optional.empty()
                : Optional.of("Kafka to commit what was done "
                        + Duration.ofNanos(longest).toSeconds()
                        + " s ago: look for partitions that have fewer replicas in sync than min.insync.replicas");
    }
}
