package io.acclimate.registry;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.Digest;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.v1.WeightChunk;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Assembles one version's weights from chunks in offset order. It never holds more bytes than the version's record says. It refuses
 * the version if a chunk is missing, repeated, out of order or of another count, or if the digest is wrong.
 */
final class WeightChunks {
    static final int CHUNK_BYTES = 512 * 1024;

    private final ModelVersion version;
    private final Deque<ByteString> payloads = new ArrayDeque<>();
    private int bytes;
    private int chunks;

    WeightChunks(ModelVersion version) {
        this.version = version;
    }

    static WeightChunk chunk(VersionId id, byte[] all, int index, int count) {
        int from = index * CHUNK_BYTES;
        return WeightChunk.newBuilder()
                .setDomain(id.domain().value())
                .setNumber(id.number())
                .setIndex(index)
                .setCount(count)
                .setPayload(ByteString.copyFrom(all, from, Math.min(CHUNK_BYTES, all.length - from)))
                .build();
    }

    static int count(int bytes) {
        return Math.max(1, (bytes + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }

    /** Adds a chunk. Returns the reason to refuse the version if this record gives one. */
    Optional<String> add(byte[] value) {
        WeightChunk chunk;
        try {
            chunk = WeightChunk.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            return Optional.of("chunk " + chunks + " is unreadable: " + e.getMessage());
        }
        if (!chunk.getDomain().equals(version.id().domain().value())
                || chunk.getNumber() != version.id().number()) {
            return Optional.of("chunk " + chunks + " is missing: its place has one of " + chunk.getDomain() + "/"
                    + chunk.getNumber());
        }
        if (chunk.getCount() != version.chunks() || chunk.getIndex() != chunks) {
            return Optional.of("chunk " + chunks + " of " + version.chunks() + " was expected, but its place has chunk "
                    + chunk.getIndex() + " of " + chunk.getCount());
        }
        int size = chunk.getPayload().size();
        if (size > version.bytes() - bytes) {
            return Optional.of("the chunks hold more than the " + version.bytes() + " bytes that the version names");
        }
        payloads.add(chunk.getPayload());
        bytes += size;
        chunks++;
        return Optional.empty();
    }

    boolean complete() {
        return chunks == version.chunks();
    }

    int received() {
        return chunks;
    }

    /** The weights, for which the chunks are given up one after another as they are read: a network's weights are never there twice. */
    Fetched finish() {
        if (bytes != version.bytes()) {
            return new Fetched.Refused(
                    "incomplete", "the chunks hold " + bytes + " bytes, the version names " + version.bytes());
        }
        Digest digest = Digest.ofWritten(out -> {
            for (ByteString each : payloads) {
                each.writeTo(out);
            }
        });
        if (!digest.equals(version.weights())) {
            return new Fetched.Refused(
                    "digest", "the weights' digest is " + digest + ", the version names " + version.weights());
        }
        return new Fetched.Weights(WeightDelta.parse(new Pieces(payloads)));
    }

    /** The bytes of all pieces, each of which is let go when its last byte is read. One thread. */
    private static final class Pieces extends InputStream {
        private final Deque<ByteString> left;
        private ByteBuffer current = ByteBuffer.allocate(0);

        Pieces(Deque<ByteString> left) {
            this.left = left;
        }

        /** Whether there is a byte to read. */
        private boolean advance() {
            while (!current.hasRemaining()) {
                ByteString next = left.poll();
                if (next == null) {
                    return false;
                }
                current = next.asReadOnlyByteBuffer();
            }
            return true;
        }

        @Override
        public int read() {
            return advance() ? current.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int at, int most) {
            if (most == 0) {
                return 0;
            }
            if (!advance()) {
                return -1;
            }
            int count = Math.min(most, current.remaining());
            current.get(into, at, count);
            return count;
        }
    }
}
