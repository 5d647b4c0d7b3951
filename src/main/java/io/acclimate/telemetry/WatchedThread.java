package io.acclimate.telemetry;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon thread whose end cannot go unnoticed. Its task handles the failures that it expects. Anything else that the task throws is
 * a bug: it ends the thread, is logged, and makes the thread's owner not ready with that reason until the process is restarted.
 * Without this, an owner would keep the health that it had before, and look as if it worked.
 *
 * <p>Any thread may call it.
 */
public final class WatchedThread {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedThread.class);

    private final Thread thread;
    /** Not ready once the task has thrown. Written by the thread. */
    private volatile Health end = Health.READY;

    /** @param task returns when its owner closes */
    public WatchedThread(String name, Runnable task) {
        thread = new Thread(() -> run(task), name);
        thread.setDaemon(true);
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            end = Health.notReady("a restart, because thread " + thread.getName() + " has ended: " + e);
            LOG.error("thread {} has ended, which needs a restart", thread.getName(), e);
        }
    }

    /** Starts the thread; a thread starts once. */
    public void start() {
        thread.start();
    }

    /** The owner's own health, unless the thread has ended by an exception that its task did not expect. */
    public Health health(Health own) {
        return end instanceof Health.NotReady ? end : own;
    }

    /** Waits until the thread has ended. Returns false if {@code limit} is over first, or if the caller is interrupted. */
    public boolean join(Duration limit) {
        try {
            thread.join(Math.max(1, limit.toMillis()));
            return !thread.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public void interrupt() {
        thread.interrupt();
    }
}
