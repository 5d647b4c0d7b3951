package io.acclimate.adapt.samples;

import io.acclimate.core.Bytes;
import io.acclimate.core.FloatTensor;
import io.acclimate.image.CompactRows;
import io.acclimate.scratch.ScratchFile;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The pixels that the replay buffers and holdouts of all domains of a worker keep, within one budget of heap. What was used least
 * recently is moved to a file and read back when it is used.
 *
 * <p>The budget decides only where pixels are, never which samples a domain keeps: that follows from recorded settings. So another heap
 * or other domains beside it never change what a domain learns, and a restore or a rebuild repeats it. Rejected alternatives: fewer samples
 * for each domain when there are many, because a rebuild knows nothing of the others; reading evicted samples from Kafka again, because
 * each of them would cost a whole mini-batch. The file takes at most what the domains may keep, a quarter of that for images. The
 * worker's thread only.
 */
public final class SampleMemory implements AutoCloseable {
    /** Leaves the rest of the heap to mini-batches, rows in training, source samples and versions. */
    private static final int SHARE_OF_HEAP = 4;
    /** Is left free beside what training takes: a heap that is full to the last megabyte of what is kept has no room for a poll. */
    private static final int FREE_SHARE_OF_HEAP = 8;
    /** Pixels that are always in memory if there are so many. */
    static final long LEAST_BYTES = 16L << 20;
    /**
     * What a sample has on the heap wherever its pixels are: the ids, places and map entries of this memory and of the buffers that have it.
     * Measured: 1.75 MB for the 8,448 samples of a full domain, before each had a digest of eight bytes.
     */
    static final long BYTES_BESIDE_PIXELS = 216;

    private final CompactRows rows;
    private final long budget;
    private final ScratchFile file;
    /** Those in memory, least recently used first. */
    private final Map<Kept, Bytes> inMemory = new LinkedHashMap<>(16, 0.75f, true);

    private long bytesInMemory;
    /** Of all domains, wherever their pixels are. */
    private long samples;
    /** What domains hold besides samples. */
    private long heldBeside;

    /** @param budget bytes of heap for samples */
    SampleMemory(CompactRows rows, long budget, ScratchFile file) {
        if (budget < 0) {
            throw new IllegalArgumentException("the memory for samples is at least 0 bytes, got " + budget);
        }
        this.rows = rows;
        this.budget = budget;
        this.file = file;
    }

    /**
     * Takes a quarter of the largest heap that this JVM may have, or what is left of it beside {@code reserved} and an eighth that stays free, but
     * always room for a few mini-batches.
     *
     * @param reserved bytes of heap that training cannot do without
     */
    public static SampleMemory ofHeap(CompactRows rows, long reserved) {
        return new SampleMemory(rows, budget(Runtime.getRuntime().maxMemory(), reserved), new ScratchFile());
    }

    static long budget(long heap, long reserved) {
        long left = heap - reserved - heap / FREE_SHARE_OF_HEAP;
        return Math.min(heap / SHARE_OF_HEAP, Math.max(LEAST_BYTES, left));
    }

    public long bytesInMemory() {
        return bytesInMemory;
    }

    public long bytesOnDisk() {
        return file.used();
    }

    /** Pixels that do not count here yet: those of the mini-batch in work. */
    public Pixels fresh(Bytes bytes) {
        return Pixels.InMemory.of(bytes, rows);
    }

    /** A domain's place in this memory. */
    public Shelf shelf() {
        return new DomainShelf();
    }

    private void remember(Kept kept, Bytes bytes) {
        inMemory.put(kept, bytes);
        bytesInMemory += bytes.size();
        var oldest = inMemory.entrySet().iterator();
        while (bytesInMemory > budgetForPixels() && oldest.hasNext()) {
            Map.Entry<Kept, Bytes> each = oldest.next();
            if (each.getKey().place < 0) {
                each.getKey().place = file.write(each.getValue().array());
            }
            bytesInMemory -= each.getValue().size();
            oldest.remove();
        }
    }

    private long budgetForPixels() {
        return Math.max(Math.min(budget, LEAST_BYTES), budget - heldBeside - samples * BYTES_BESIDE_PIXELS);
    }

    private Bytes bytes(Kept kept) {
        if (kept.freed) {
            throw new IllegalStateException("a sample is used that its domain keeps no more");
        }
        Bytes bytes = inMemory.get(kept);
        if (bytes == null) {
            bytes = Bytes.wrap(file.read(kept.place, kept.size));
            remember(kept, bytes);
        }
        return bytes;
    }

    private void free(Kept kept) {
        kept.freed = true;
        samples--;
        Bytes bytes = inMemory.remove(kept);
        bytesInMemory -= bytes == null ? 0 : bytes.size();
        if (kept.place >= 0) {
            file.free(kept.place, kept.size);
        }
    }

    @Override
    public void close() {
        inMemory.clear();
        bytesInMemory = 0;
        file.close();
    }

    /** Pixels in this memory. Each is equal only to itself. */
    private final class Kept implements Pixels {
        private final int hash;
        private final long digest;
        private final int size;
        /** Where the file has them, or -1. */
        private long place = -1;
        /** How many buffers of the domain have the sample. */
        private int users;

        private boolean freed;

        Kept(Pixels pixels) {
            this.hash = pixels.hash();
            this.digest = pixels.digest();
            this.size = pixels.bytes().size();
        }

        @Override
        public FloatTensor row() {
            return rows.toRow(bytes());
        }

        @Override
        public Bytes bytes() {
            return SampleMemory.this.bytes(this);
        }

        @Override
        public int hash() {
            return hash;
        }

        @Override
        public long digest() {
            return digest;
        }
    }

    /**
     * What one domain has in this memory. A sample may be in several buffers of the domain; its pixels are freed when it is in none. One
     * thread.
     */
    private final class DomainShelf implements Shelf {
        private final Set<Kept> all = Collections.newSetFromMap(new IdentityHashMap<>());
        private int beside;

        @Override
        public Pixels store(Pixels pixels) {
            return own(pixels);
        }

        @Override
        public Pixels keep(Pixels pixels) {
            Kept kept = own(pixels);
            kept.users++;
            return kept;
        }

        private Kept own(Pixels pixels) {
            if (pixels instanceof Kept kept && all.contains(kept)) {
                return kept;
            }
            Kept kept = new Kept(pixels);
            all.add(kept);
            samples++;
            remember(kept, pixels.bytes());
            return kept;
        }

        @Override
        public void drop(Pixels pixels) {
            if (pixels instanceof Kept kept && --kept.users <= 0 && all.remove(kept)) {
                free(kept);
            }
        }

        @Override
        public void holdBeside(int bytes) {
            heldBeside += bytes - beside;
            beside = bytes;
        }

        @Override
        public void close() {
            holdBeside(0);
            all.forEach(SampleMemory.this::free);
            all.clear();
        }
    }
}
