package io.acclimate.minibatch;

import io.acclimate.core.ImageId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Image id to the image that has it, for as long as the retention. Of several images with one id the one whose prediction came last
 * counts. A window store keeps the entries by the time at which they came, by the service's own clock (a time that a producer
 * chose could empty it), and drops whole segments of them, so that forgetting costs nothing. One thread.
 */
final class ImageIndex {
    /** Entries of one id that are looked at; an id that all images of a camera share has many. */
    private static final int DEPTH = 16;

    private final WindowStore<Bytes, byte[]> store;
    private final String topic;
    private final long retentionMillis;

    ImageIndex(WindowStore<Bytes, byte[]> store, String topic, Duration retention) {
        this.store = store;
        this.topic = topic;
        this.retentionMillis = retention.toMillis();
    }

    record Found(ServedImage image, long addedAtMillis) {}

    void add(byte[] id, byte[] image, long nowMillis) {
        store.put(Bytes.wrap(id), image, nowMillis);
    }

    /** With its label, also when the same image was predicted again since it was labelled. */
    Optional<Found> newest(ImageId id, long nowMillis) {
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

    void label(ImageId id, Found found, String className) {
        store.put(key(id), found.image().labelled(className).toBytes(), found.addedAtMillis());
    }

    private static Bytes key(ImageId id) {
        return Bytes.wrap(id.value().getBytes(StandardCharsets.UTF_8));
    }
}
