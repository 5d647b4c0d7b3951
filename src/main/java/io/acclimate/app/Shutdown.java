package io.acclimate.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and Ctrl-C into an orderly stop: the main thread waits here, closes what it opened, and only then closes this,
 * which lets the JVM halt. To be opened first, so that it is closed last.
 */
final class Shutdown implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(25);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    Shutdown() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "shutdown"));
    }

    private void stop() {
        asked.countDown();
        try {
            if (!closed.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("not closed within " + GRACE.toSeconds() + " s; open transactions will time out");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void await() throws InterruptedException {
        asked.await();
    }

    /** True when the stop was asked for within {@code limit}. */
    boolean await(Duration limit) throws InterruptedException {
        return asked.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
