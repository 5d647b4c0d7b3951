package io.acclimate.kafka;

import io.acclimate.telemetry.Health;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Knows how long a role's oldest commit has waited for its answer. A commit that brokers do not answer is repeated for as long as it
 * takes, and Kafka's clients report the first timeout after a minute; until then a role whose brokers lack a quorum would look as if it
 * worked. Any thread.
 */
public final class CommitWatch {
    /** Much longer than a commit takes on a busy broker, a leader's election included. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    /** When each commit that is not answered began, by a key of its own. */
    private final Map<Object, Long> open = new ConcurrentHashMap<>();
    /** When the last commit ended, however it did; before the first, when this watch began. */
    private volatile long last;

    public CommitWatch() {
        this(System::nanoTime);
    }

    /** @param nanos a monotonic clock */
    CommitWatch(LongSupplier nanos) {
        this.nanos = nanos;
        this.last = nanos.getAsLong();
    }

    /** Runs {@code commit}, which waits for Kafka's answer. */
    public void during(Runnable commit) {
        Object key = new Object();
        open.put(key, nanos.getAsLong());
        try {
            commit.run();
        } finally {
            last = nanos.getAsLong();
            open.remove(key);
        }
    }

    /** How long ago the last commit ended. */
    public Duration sinceLast() {
        return Duration.ofNanos(nanos.getAsLong() - last);
    }

    /** The role's own health, unless a commit has waited for too long. */
    public Health health(Health own) {
        long now = nanos.getAsLong();
        OptionalLong longest =
                open.values().stream().mapToLong(since -> now - since).max();
        return own instanceof Health.Ready && longest.orElse(0) > LIMIT.toNanos()
                ? Health.notReady("Kafka to answer a commit, which has taken "
                        + Duration.ofNanos(longest.getAsLong()).toSeconds()
                        + " s so far: are enough brokers up, and enough replicas in sync?")
                : own;
    }
}
