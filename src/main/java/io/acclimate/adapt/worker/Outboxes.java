package io.acclimate.adapt.worker;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/**
 * Opens the outboxes of several partitions at once, since each waits for the broker's answers, and some for the end of what a dead
 * owner left open. Threads of its own open them; the worker's thread takes them, and each is its own from then on.
 */
final class Outboxes implements AutoCloseable {
    private static final int AT_ONCE = 8;

    private final Map<Integer, CompletableFuture<Outbox>> opening = new TreeMap<>();
    private final ExecutorService threads;

    Outboxes(Collection<Integer> partitions, IntFunction<Outbox> open) {
        threads = Executors.newFixedThreadPool(Math.max(1, Math.min(AT_ONCE, partitions.size())), task -> {
            Thread thread = new Thread(task, "adapt-outboxes");
            thread.setDaemon(true);
            return thread;
        });
        partitions.forEach(each ->
                opening.computeIfAbsent(each, p -> CompletableFuture.supplyAsync(() -> open.apply(p), threads)));
    }

    /** True when {@link #take} would not wait. */
    boolean isDone(int partition) {
        CompletableFuture<Outbox> outbox = opening.get(partition);
        return outbox != null && outbox.isDone();
    }

    /** Waits until it is open; what kept it from that is thrown here. */
    Outbox take(int partition) {
        CompletableFuture<Outbox> outbox = opening.remove(partition);
        if (outbox == null) {
            throw new IllegalArgumentException("partition " + partition + " is not opened here, or was taken");
        }
        try {
            return outbox.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Waits for those not taken: one that opens later would fence its successor. */
    @Override
    public void close() {
        opening.values().forEach(each -> each.handle((outbox, failure) -> {
                    if (outbox != null) {
                        outbox.close();
                    }
                    return true;
                })
                .join());
        opening.clear();
        threads.shutdown();
    }
}
