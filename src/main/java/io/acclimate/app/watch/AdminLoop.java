package io.acclimate.app.watch;

import io.acclimate.kafka.ClientProperties;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.WatchedThread;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the brokers for something again and again, with an admin client of its own, until it is closed.
 *
 * <p>Threads: one of its own, on which it asks. Any thread may call the rest.
 */
final class AdminLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminLoop.class);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Map<String, Object> client;
    private final String name;
    private final Duration pause;
    private final Consumer<Admin> ask;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final WatchedThread thread;

    /**
     * Starts nothing yet.
     *
     * @param name of the thread
     * @param pause between two times
     * @param ask handles the failures that it expects, but an {@link InterruptException} ends the loop
     */
    AdminLoop(Map<String, Object> client, String name, Duration pause, Consumer<Admin> ask) {
        this.client = Map.copyOf(client);
        this.name = name;
        this.pause = pause;
        this.ask = ask;
        this.thread = new WatchedThread(name, this::run);
    }

    void start() {
        thread.start();
    }

    /** The owner's own health, unless the thread has ended by an exception that nobody expected. */
    Health health(Health own) {
        return thread.health(own);
    }

    private void run() {
        try (Admin admin = ClientProperties.of(client).openAdmin()) {
            do {
                ask.accept(admin);
            } while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("{} was interrupted and asks no more", name);
        }
    }

    /** Waits some seconds for an answer that was asked for. */
    @Override
    public void close() {
        closing.countDown();
        if (!thread.join(GRACE)) {
            LOG.debug("{} is still waiting for an answer", name);
        }
    }
}
