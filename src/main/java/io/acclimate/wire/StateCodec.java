package io.acclimate.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.DomainId;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.CheckpointChunk;
import io.acclimate.wire.v1.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Records of {@code adaptation-state}: a snapshot in parts below the message limit, with the keys {@code DOMAIN/INDEX}, and the
 * rounds since then, with the key {@code DOMAIN/progress}. Each generation of a domain is higher than the one before.
 */
public final class StateCodec {
    public byte[] key(DomainId domain, int index) {
        return (domain + "/" + index).getBytes(StandardCharsets.UTF_8);
    }

    public byte[] progressKey(DomainId domain) {
        return (domain + "/progress").getBytes(StandardCharsets.UTF_8);
    }

    public byte[] progress(DomainId domain, Progress progress, long generation) {
        return CheckpointChunk.newBuilder()
                .setDomain(domain.value())
                .setGeneration(generation)
                .setProgress(progress)
                .build()
                .toByteArray();
    }

    /** Gives a snapshot's parts in order, one at a time. */
    public void parts(Checkpoint checkpoint, long generation, Consumer<byte[]> each) {
        CheckpointChunk.Builder part = CheckpointChunk.newBuilder()
                .setDomain(checkpoint.getDomain())
                .setGeneration(generation)
                .setCount(Pieces.count(checkpoint));
        AtomicInteger next = new AtomicInteger();
        Pieces.of(
                checkpoint,
                piece -> each.accept(part.setIndex(next.getAndIncrement())
                        .setPayload(piece)
                        .build()
                        .toByteArray()));
    }

    /** Assembles checkpoints from records in the order of their offsets. The newest generation of each domain counts. One thread. */
    public static final class Assembly {
        private final SortedMap<DomainId, SortedMap<Integer, CheckpointChunk>> parts = new TreeMap<>();
        private final SortedMap<DomainId, Joined> joined = new TreeMap<>();
        private final SortedMap<DomainId, CheckpointChunk> progress = new TreeMap<>();

        /** A snapshot whose parts have been let go. */
        private record Joined(Checkpoint whole, long generation) {}

        /**
         * Takes one record's value.
         *
         * @throws UnreadableRecordException when it is no part of a checkpoint
         */
        public void add(byte[] value) {
            try {
                CheckpointChunk chunk = CheckpointChunk.parseFrom(value);
                DomainId domain = new DomainId(chunk.getDomain());
                SortedMap<Integer, CheckpointChunk> sofar = parts.computeIfAbsent(domain, d -> new TreeMap<>());
                if (chunk.hasProgress()) {
                    progress.put(domain, chunk);
                    return;
                }
                Joined known = joined.get(domain);
                if (known != null && known.generation() == chunk.getGeneration()) {
                    return;
                }
                if (!sofar.isEmpty() && generation(sofar) != chunk.getGeneration()) {
                    sofar.clear();
                }
                sofar.put(chunk.getIndex(), chunk);
            } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
                throw new UnreadableRecordException("not a part of a checkpoint: " + e.getMessage(), e);
            }
        }

        private static long generation(SortedMap<Integer, CheckpointChunk> chunks) {
            return chunks.isEmpty() ? 0 : chunks.values().iterator().next().getGeneration();
        }

        /** The newest snapshot of each domain, and the rounds since then. */
        public List<Restored> complete() {
            List<Restored> all = new ArrayList<>();
            parts.forEach((domain, chunks) -> {
                if (!chunks.isEmpty()) {
                    long generation = generation(chunks);
                    joined.put(domain, new Joined(join(domain, chunks), generation));
                }
                Optional<Joined> last = Optional.ofNullable(joined.get(domain));
                long snapshot = last.map(Joined::generation).orElse(0L);
                Optional<CheckpointChunk> since = Optional.ofNullable(progress.get(domain))
                        .filter(each -> each.getProgress().getSnapshot() == snapshot);
                all.add(new Restored(
                        domain,
                        last.map(Joined::whole),
                        snapshot,
                        since.map(CheckpointChunk::getProgress),
                        since.map(CheckpointChunk::getGeneration).orElse(snapshot)));
            });
            return all;
        }

        private static CheckpointChunk taken(SortedMap<Integer, CheckpointChunk> chunks) {
            CheckpointChunk first = chunks.values().iterator().next();
            chunks.remove(chunks.firstKey());
            return first;
        }

        @SuppressWarnings("JdkObsolete") // SequenceInputStream takes no Iterator
        private static Checkpoint join(DomainId domain, SortedMap<Integer, CheckpointChunk> chunks) {
            int count = chunks.values().iterator().next().getCount();
            if (chunks.size() != count) {
                throw new UnreadableRecordException(
                        "the snapshot of " + domain + " has " + chunks.size() + " of its " + count + " parts");
            }
            try {
                // Each part is let go when it has been read: they are three times the trained weights, and the message
                // is as much again.
                return Checkpoint.parseFrom(new SequenceInputStream(new Enumeration<>() {
                    @Override
                    public boolean hasMoreElements() {
                        return !chunks.isEmpty();
                    }

                    @Override
                    public InputStream nextElement() {
                        return taken(chunks).getPayload().newInput();
                    }
                }));
            } catch (IOException e) {
                throw new UnreadableRecordException("a joined snapshot is unreadable: " + e.getMessage(), e);
            }
        }
    }

    /**
     * The state from which a domain continues.
     *
     * @param snapshot empty before the first snapshot: the domain then continues from its beginning
     * @param snapshotGeneration 0 for the beginning
     * @param generation the generation of the last round
     */
    public record Restored(
            DomainId domain,
            Optional<Checkpoint> snapshot,
            long snapshotGeneration,
            Optional<Progress> progress,
            long generation) {}
}
