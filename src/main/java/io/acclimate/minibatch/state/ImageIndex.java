package io.acclimate.minibatch.state;

import io.acclimate.core.ImageId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Finds the image that has an image id, for as long as the retention. When several images have the same id, the one whose
 * prediction came last is meant. A window store keeps the entries by the time at which they came and drops whole segments of them,
 * so that forgetting costs nothing. That time is of the service's own clock: a time that a producer chose could empty the store. One
 * thread.
 */
public final class ImageIndex {
    /** Names the store, and in part its changelog. */
    public static final String STORE = "served-images";

    /** How many entries of one id are looked at: an id that all images of a camera share has many. */
    private static final int DEPTH = 16;

    private final WindowStore<Bytes, byte[]> store;
    private final String topic;
    private final long retentionMillis;

    public ImageIndex(WindowStore<Bytes, byte[]> store, String topic, Duration retention) {
        this.store = store;
        this.topic = topic;
        this.retentionMillis = retention.toMillis();
    }

    public record Found(ServedImage image, long addedAtMillis) {}

    public void add(byte[] id, byte[] image, long nowMillis) {
        store.put(Bytes.wrap(id), image, nowMillis);
    }

    /**
     * The image that was predicted last under {@code id}. When the same image was predicted again after it was labelled, the answer
     * has that label.
     */
    public Optional<Found> newest(ImageId id, long nowMillis) {
        Optional<Found> newest = Optional.empty();
        try (var entries = store.backwardFetch(key(id), Math.max(0, nowMillis - retentionMillis), Long.MAX_VALUE)) {
            for (int i = 0; i < DEPTH && entries.hasNext(); i++) {
                var entry = entries.next();
                ServedImage image = ServedImage.parse(topic, entry.value);
                if (newest.isEmpty()) {
                    newest = Optional.of(new Found(image, entry.key));
                } else if (image.isLabelled()
                        && image.at().equals(newest.get().image().at())) {
                    return Optional.of(new Found(image, newest.get().addedAtMillis()));
                }
            }
        }
        return newest;
    }

    public void label(ImageId id, Found found, String className) {
        store.put(key(id), found.image().labelled(className).toBytes(), found.addedAtMillis());
    }

    private static Bytes key(ImageId id) {
        return Bytes.wrap(id.value().getBytes(StandardCharsets.UTF_8));
    }
}
