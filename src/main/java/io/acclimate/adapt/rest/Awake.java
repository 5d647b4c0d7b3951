package io.acclimate.adapt.rest;

import io.acclimate.scratch.ScratchFile;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The domains of a worker that are awake, which are at most so many: a thousand domains with a network of 62,000 weights would take a
 * gigabyte of heap, and as much for their sessions. The one that was used least recently rests when another wakes. What costs milliseconds is to
 * open a trainer or a session, so a domain that wakes opens only what its round needs. Rested weights are in a file, and not in the checkpoint on Kafka: reading that back would hold up the other
 * domains. Which domains rest depends on the heap, and changes nothing of what is learnt. The worker's thread only.
 */
public final class Awake implements AutoCloseable {
    private static final int SHARE_OF_HEAP = 8;
    /** Weights in training, their average, the optimiser's state, and the active version's weights. */
    private static final int COPIES = 4;
    /** More would save little, since domains that are labelled in turn wake with each mini-batch anyway. */
    private static final int MOST = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Awake.class);

    private final int most;
    private final ScratchFile file = new ScratchFile("weights");
    /** The least recently used first. */
    private final Set<Resting> awake = new LinkedHashSet<>();

    /** @param most how many may be awake, at least one */
    public Awake(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one domain can be awake, got " + most);
        }
        this.most = most;
    }

    /** As many as fit in an eighth of the largest heap that this JVM may have. */
    public static Awake ofHeap(long weightBytes) {
        long fit = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / Math.max(1, COPIES * weightBytes);
        return new Awake((int) Math.max(1, Math.min(MOST, fit)));
    }

    /** A domain is used: others rest if too many are awake. */
    public void used(Resting domain) {
        awake.remove(domain);
        awake.add(domain);
        Iterator<Resting> eldest = awake.iterator();
        while (awake.size() > most) {
            Resting each = eldest.next();
            try {
                each.rest();
            } catch (UncheckedIOException e) {
                // The domain that wakes is not at fault.
                LOG.warn(
                        "A domain stays in memory, since its weights cannot be put into the temporary folder: {}",
                        e.getMessage());
                return;
            }
            eldest.remove();
        }
    }

    /** A domain is closed, or rests. */
    public void left(Resting domain) {
        awake.remove(domain);
    }

    /** Keeps the bytes of a domain that rests. */
    public Place put(byte[] bytes) {
        return new Place(file.write(bytes), bytes.length);
    }

    /** Gives the bytes back. They stay in the file until they are forgotten. */
    public byte[] read(Place place) {
        return file.read(place.at(), place.length());
    }

    public void forget(Place place) {
        file.free(place.at(), place.length());
    }

    /** The bytes that are kept. */
    long bytesOnDisk() {
        return file.used();
    }

    /** Where the bytes of a domain are. */
    public record Place(long at, int length) {}

    @Override
    public void close() {
        awake.clear();
        file.close();
    }
}
