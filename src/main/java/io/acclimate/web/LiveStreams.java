package io.acclimate.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.core.DomainId;
import io.javalin.http.sse.SseClient;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Sends the feed to each viewer from a thread of its own, so that a slow viewer delays nobody and the feed never waits. */
final class LiveStreams implements AutoCloseable {
    static final int MAX_VIEWERS = 32;
    private static final long INTERVAL_MILLIS = 500;
    /** The interval of comments, which keep proxies from closing a quiet stream and find viewers that have left. */
    private static final int TICKS_PER_KEEPALIVE = 20;

    private final LiveFeed feed;
    private final ObjectMapper json;
    private final Set<SseClient> viewers = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "live-viewer");
        thread.setDaemon(true);
        return thread;
    });

    LiveStreams(LiveFeed feed, ObjectMapper json) {
        this.feed = feed;
        this.json = json;
    }

    void accept(SseClient viewer) {
        if (!admit(viewer)) {
            viewer.sendComment("more than " + MAX_VIEWERS + " viewers");
            viewer.close();
            return;
        }
        viewer.keepAlive();
        viewer.onClose(() -> viewers.remove(viewer));
        try {
            threads.execute(() -> stream(viewer));
        } catch (RejectedExecutionException e) {
            viewer.close();
        }
    }

    private synchronized boolean admit(SseClient viewer) {
        return viewers.size() < MAX_VIEWERS && viewers.add(viewer);
    }

    private void stream(SseClient viewer) {
        try {
            Optional<DomainId> domain = Optional.ofNullable(viewer.ctx().queryParam("domain"))
                    .filter(DomainId::isValid)
                    .map(DomainId::new);
            LiveView view = feed.after(0, domain);
            viewer.sendEvent("snapshot", json.writeValueAsString(view));
            int quiet = 0;
            while (!viewer.terminated() && !threads.isShutdown()) {
                TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
                LiveView next = feed.after(view.seq(), domain);
                boolean news = next.seq() != view.seq()
                        || next.status().predictions() != view.status().predictions()
                        || next.status().trainedSamples() != view.status().trainedSamples();
                if (news) {
                    viewer.sendEvent("update", json.writeValueAsString(next));
                    quiet = 0;
                } else if (++quiet % TICKS_PER_KEEPALIVE == 0) {
                    viewer.sendComment("quiet");
                }
                view = next;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the live view must have a JSON form", e);
        } finally {
            viewers.remove(viewer);
            viewer.close();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        viewers.forEach(SseClient::close);
    }
}
