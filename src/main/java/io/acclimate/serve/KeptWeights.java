package io.acclimate.serve;

import io.acclimate.onnx.WeightDelta;
import io.acclimate.scratch.ScratchFile;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights of the versions whose session may be closed and opened again. They are in a file, since on the heap those of a thousand
 * domains grew it to three times their size: what is old in a heap makes it larger by as much again before it is collected. A version
 * whose weights cannot be written stays on the heap, because a full disk is no reason to serve an older one.
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

    /** Their place is free for others. */
    synchronized void forget(Kept kept) {
        if (kept instanceof InFile in) {
            file.free(in.place, in.length);
        }
    }

    @Override
    public synchronized void close() {
        file.close();
    }
}
