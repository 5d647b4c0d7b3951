package io.acclimate.minibatch.state;

import io.acclimate.core.Coordinates;
import io.acclimate.core.ImageId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The labels of one partition of the join that wait for a prediction, or for the bytes of an image that was found. The store lets
 * them survive a restart. Memory holds the same labels, so that a prediction that no label waits for costs one look into a map. One
 * thread.
 */
public final class PendingLabels {
    /** Names the store, and in part its changelog. */
    public static final String STORE = "pending-labels";

    private final KeyValueStore<Bytes, byte[]> store;
    /** Pending labels of all tasks of this instance. */
    private final AtomicLong total;

    /** Labels that wait for a prediction, in the order of their arrival. */
    private final Map<Coordinates, Waiting> waiting = new LinkedHashMap<>();

    private final Map<ImageId, List<PendingLabel>> byImage = new HashMap<>();
    /** Labels that wait for bytes, in the order in which their images were found. */
    private final Map<Coordinates, PendingLabel> found = new LinkedHashMap<>();

    /** A label that waits. {@code sinceMillis} is when it came, or when the task started if it was in the store by then. */
    public record Waiting(PendingLabel label, long sinceMillis) {}

    public PendingLabels(KeyValueStore<Bytes, byte[]> store, AtomicLong total) {
        this.store = store;
        this.total = total;
    }

    /**
     * Reads what an earlier run left in the store. The wait of its labels begins again, since no prediction was read in the meantime.
     */
    public void restore(String imagesTopic, long nowMillis) {
        try (var entries = store.all()) {
            entries.forEachRemaining(entry -> {
                PendingLabel label = PendingLabel.parse(imagesTopic, entry.value);
                if (label.image().isPresent()) {
                    found.put(label.sample().label(), label);
                } else {
                    hold(label, nowMillis);
                }
            });
        }
        total.addAndGet(waiting.size() + found.size());
    }

    public int waitingCount() {
        return waiting.size();
    }

    public int foundCount() {
        return found.size();
    }

    public Optional<Waiting> oldest() {
        return waiting.values().stream().findFirst();
    }

    /** Labels that wait for the image, in the order of their arrival. */
    public List<PendingLabel> waitingFor(ImageId image) {
        return List.copyOf(byImage.getOrDefault(image, List.of()));
    }

    public List<PendingLabel> firstFound(int limit) {
        return found.values().stream().limit(limit).toList();
    }

    public void add(PendingLabel label, long nowMillis) {
        store.put(key(label), label.toBytes());
        hold(label, nowMillis);
        total.incrementAndGet();
    }

    /** Holds a label whose image is known, until its bytes are read. */
    public void addFound(PendingLabel label) {
        store.put(key(label), label.toBytes());
        if (found.put(label.sample().label(), label) == null) {
            total.incrementAndGet();
        }
    }

    /** Forgets a label that was joined or refused. */
    public void remove(PendingLabel label) {
        release(label);
        found.remove(label.sample().label());
        store.delete(key(label));
        total.decrementAndGet();
    }

    /** Lets the wait of all labels begin again after the clock went back, since it could last hours otherwise. */
    public void waitAnew(long nowMillis) {
        waiting.replaceAll((key, each) -> new Waiting(each.label(), nowMillis));
    }

    private void hold(PendingLabel label, long nowMillis) {
        waiting.put(label.sample().label(), new Waiting(label, nowMillis));
        byImage.computeIfAbsent(label.sample().imageId(), key -> new ArrayList<>(1))
                .add(label);
    }

    private void release(PendingLabel label) {
        Waiting held = waiting.remove(label.sample().label());
        if (held != null) {
            byImage.computeIfPresent(label.sample().imageId(), (key, labels) -> {
                labels.remove(held.label());
                return labels.isEmpty() ? null : labels;
            });
        }
    }

    private static Bytes key(PendingLabel label) {
        return Bytes.wrap(label.sample().label().toString().getBytes(StandardCharsets.UTF_8));
    }

    public void close() {
        total.addAndGet(-waiting.size() - found.size());
        waiting.clear();
        byImage.clear();
        found.clear();
    }
}
