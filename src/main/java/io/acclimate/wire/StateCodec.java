package io.acclimate.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.DomainId;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.CheckpointChunk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Records of {@code adaptation-state}: a checkpoint in parts below the message limit, keyed {@code DOMAIN/INDEX}. */
public final class StateCodec {
    static final int CHUNK_BYTES = 512 * 1024;

    public byte[] key(DomainId domain, int index) {
        return (domain + "/" + index).getBytes(StandardCharsets.UTF_8);
    }

    /** The parts in order; each generation of a domain must be higher than the last. */
    public List<byte[]> split(Checkpoint checkpoint, long generation) {
        ByteString all = checkpoint.toByteString();
        int count = Math.max(1, (all.size() + CHUNK_BYTES - 1) / CHUNK_BYTES);
        List<byte[]> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parts.add(CheckpointChunk.newBuilder()
                    .setDomain(checkpoint.getDomain())
                    .setGeneration(generation)
                    .setIndex(i)
                    .setCount(count)
                    .setPayload(all.substring(i * CHUNK_BYTES, Math.min(all.size(), (i + 1) * CHUNK_BYTES)))
                    .build()
                    .toByteArray());
        }
        return parts;
    }

    /** Puts parts together as they come, in offset order: the newest generation of each domain wins. One thread. */
    public static final class Assembly {
        private final Map<String, TreeMap<Integer, CheckpointChunk>> parts = new HashMap<>();

        /**
         * Takes one record's value.
         *
         * @throws UnreadableRecordException when it is no part of a checkpoint
         */
        public void add(byte[] value) {
            try {
                CheckpointChunk chunk = CheckpointChunk.parseFrom(value);
                TreeMap<Integer, CheckpointChunk> sofar =
                        parts.computeIfAbsent(chunk.getDomain(), d -> new TreeMap<>());
                if (!sofar.isEmpty() && sofar.firstEntry().getValue().getGeneration() != chunk.getGeneration()) {
                    sofar.clear();
                }
                sofar.put(chunk.getIndex(), chunk);
            } catch (InvalidProtocolBufferException e) {
                throw new UnreadableRecordException("not a part of a checkpoint: " + e.getMessage(), e);
            }
        }

        /** Each domain's newest checkpoint with its generation. */
        public List<Restored> complete() {
            List<Restored> all = new ArrayList<>();
            parts.values().forEach(chunks -> join(chunks).ifPresent(all::add));
            return all;
        }

        private static Optional<Restored> join(
                @SuppressWarnings("NonApiType") TreeMap<Integer, CheckpointChunk> chunks) {
            if (chunks.size() != chunks.firstEntry().getValue().getCount()) {
                return Optional.empty();
            }
            ByteString all = ByteString.copyFrom(
                    chunks.values().stream().map(CheckpointChunk::getPayload).toList());
            try {
                return Optional.of(new Restored(
                        Checkpoint.parseFrom(all),
                        chunks.firstEntry().getValue().getGeneration()));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalArgumentException("a joined checkpoint is unreadable: " + e.getMessage(), e);
            }
        }
    }

    public record Restored(Checkpoint checkpoint, long generation) {}
}
