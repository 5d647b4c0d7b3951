package io.acclimate.app.role;

import io.acclimate.kafka.QuorumProbe;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.WatchedThread;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Asks again and again, on a thread of its own, whether Kafka has a quorum. Two answers in a row must be missing, since one may be late on
 * a busy machine. Any thread may call this.
 */
final class QuorumWatch implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Map<String, Object> client;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final WatchedThread thread = new WatchedThread("quorum", this::run);
    /** Written by the thread, read by check. */
    private volatile Health health = Health.READY;

    QuorumWatch(Map<String, Object> client) {
        this.client = Map.copyOf(client);
    }

    void start() {
        thread.start();
    }

    Health check() {
        return thread.health(health);
    }

    private void run() {
        try (QuorumProbe probe = QuorumProbe.open(client, PATIENCE)) {
            Optional<String> before = Optional.empty();
            while (!closing.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS)) {
                Optional<String> now = probe.problem();
                health = before.isPresent() ? now.map(Health::notReady).orElse(Health.READY) : Health.READY;
                before = now;
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        thread.join(GRACE);
    }
}
