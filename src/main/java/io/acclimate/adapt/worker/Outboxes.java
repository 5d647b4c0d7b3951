package io.acclimate.adapt.worker;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Opens the outboxes of several partitions at once, because each waits for the broker's answers, and some for the end of what a dead
 * owner left open. Its own threads open them, and nothing else; all methods are for the worker's thread, which owns what it takes.
 */
final class Outboxes implements AutoCloseable {
    private static final int AT_ONCE = 8;

    /** Opens the outbox of one partition, and waits for the broker. Any thread. */
    @FunctionalInterface
    interface Opener {
        Outbox open(int partition);
    }

    private final Opener opener;
    private final Map<Integer, CompletableFuture<Outbox>> opening = new TreeMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, task -> {
        Thread thread = new Thread(task, "adapt-outboxes");
        thread.setDaemon(true);
        return thread;
    });

    Outboxes(Opener opener) {
        this.opener = opener;
    }

    /** Begins to open the partition's outbox, unless that has begun already. */
    void begin(int partition) {
        opening.computeIfAbsent(partition, each -> CompletableFuture.supplyAsync(() -> opener.open(each), threads));
    }

    /** True when {@link #take} would not wait. */
    boolean isDone(int partition) {
        CompletableFuture<Outbox> outbox = opening.get(partition);
        return outbox != null && outbox.isDone();
    }

    /** Waits until the outbox is open. Throws what kept it from that. */
    Outbox take(int partition) {
        CompletableFuture<Outbox> outbox = opening.remove(partition);
        if (outbox == null) {
            throw new IllegalArgumentException(
                    "the outbox of partition " + partition + " is opened before it is taken, and taken once");
        }
        try {
            return outbox.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Waits for an outbox that nobody will take, and closes it: if it opened later it would fence its successor. */
    void giveUp(int partition) {
        CompletableFuture<Outbox> outbox = opening.remove(partition);
        if (outbox != null) {
            outbox.handle((opened, failure) -> {
                        if (opened != null) {
                            opened.close();
                        }
                        return true;
                    })
                    .join();
        }
    }

    @Override
    public void close() {
        List.copyOf(opening.keySet()).forEach(this::giveUp);
        threads.shutdown();
    }
}
