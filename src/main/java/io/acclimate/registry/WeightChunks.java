package io.acclimate.registry;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.v1.WeightChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Assembles one version's weights from chunks in offset order. It never holds more bytes than the version's record says. It refuses
 * the version if a chunk is missing, repeated, out of order or of another count, or if the digest is wrong.
 */
final class WeightChunks {
    static final int CHUNK_BYTES = 512 * 1024;

    private final ModelVersion version;
    private final List<ByteString> payloads = new ArrayList<>();
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

    /** All bytes in one array, which is as large as they are. The chunks are let go. */
    private byte[] joined() {
        byte[] all = new byte[bytes];
        int at = 0;
        for (ByteString each : payloads) {
            each.copyTo(all, at);
            at += each.size();
        }
        payloads.clear();
        return all;
    }

    Fetched finish() {
        byte[] all = joined();
        if (all.length != version.bytes()) {
            return new Fetched.Refused(
                    "incomplete", "the chunks hold " + all.length + " bytes, the version names " + version.bytes());
        }
        var digest = io.acclimate.core.Digest.of(all);
        if (!digest.equals(version.weights())) {
            return new Fetched.Refused(
                    "digest", "the weights' digest is " + digest + ", the version names " + version.weights());
        }
        return new Fetched.Weights(WeightDelta.parse(all));
    }
}
