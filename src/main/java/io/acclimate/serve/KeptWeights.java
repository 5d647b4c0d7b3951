package io.acclimate.serve;

import io.acclimate.onnx.WeightDelta;
import io.acclimate.scratch.ScratchFile;
import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights of the versions whose session may be closed and opened again. They are in a file: on the heap those of a thousand domains
 * (248 MB) made it grow to its limit of 512 MB, because a heap needs room beside what stays in it. Reading a version back takes a
 * twentieth of the time that opening its session takes. A version whose weights cannot be written stays on the heap, because a full disk
 * is no reason to serve an older one.
 *
 * <p>Rejected alternative: reading them from Kafka again, where retention may have removed them.
 *
 * <p>Threads: any.
 */
final class KeptWeights implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptWeights.class);

    /** This object's lock guards this field and the next. */
    private final ScratchFile file;

    private boolean warned;
    /** Places to be freed before the next weights are written: who forgets weights must not wait for a disk. */
    private final Queue<InFile> forgotten = new ConcurrentLinkedQueue<>();

    KeptWeights() {
        this(new ScratchFile("weights"));
    }

    /** @param file has no other user, and is closed with this object */
    KeptWeights(ScratchFile file) {
        this.file = file;
    }

    /** Weights that are kept. Each has an identity of its own, because a place in the file is used again. */
    abstract static sealed class Kept {}

    private static final class OnHeap extends Kept {
        private final WeightDelta weights;

        OnHeap(WeightDelta weights) {
            this.weights = weights;
        }
    }

    private static final class InFile extends Kept {
        private final long place;
        private final int length;

        InFile(long place, int length) {
            this.place = place;
            this.length = length;
        }
    }

    Kept keep(WeightDelta weights) {
        if (weights.isEmpty()) {
            return new OnHeap(weights);
        }
        byte[] bytes = weights.toBytes();
        synchronized (this) {
            for (InFile old = forgotten.poll(); old != null; old = forgotten.poll()) {
                file.free(old.place, old.length);
            }
            try {
                return new InFile(file.write(bytes), bytes.length);
            } catch (UncheckedIOException e) {
                if (!warned) {
                    LOG.warn("The heap holds weights of domains until they can be put into a file: {}", e.getMessage());
                    warned = true;
                }
                return new OnHeap(weights);
            }
        }
    }

    /**
     * Those of weights that were forgotten in the meantime may be another version's.
     *
     * @throws UncheckedIOException if the disk fails
     */
    WeightDelta read(Kept kept) {
        if (kept instanceof InFile in) {
            byte[] bytes;
            synchronized (this) {
                bytes = file.read(in.place, in.length);
            }
            return WeightDelta.parse(bytes);
        }
        return ((OnHeap) kept).weights;
    }

    /** Their place is free for others. Waits for nothing. */
    void forget(Kept kept) {
        if (kept instanceof InFile in) {
            forgotten.add(in);
        }
    }

    @Override
    public synchronized void close() {
        forgotten.clear();
        file.close();
    }
}
