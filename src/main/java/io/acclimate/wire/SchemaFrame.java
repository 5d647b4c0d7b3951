package io.acclimate.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The start of a registry-framed record, in Confluent's wire format: a byte 0, the schema's id as 4 bytes big-endian, and where
 * the message stands in the schema's file, as zigzag varints: how many indexes, then one for each level of nesting. The path
 * {@code [0]}, the file's first message, is the single byte 0. The message follows in plain Protobuf.
 *
 * <p>No plain message and no JSON text starts with a byte 0, so the three forms are told apart by their first byte.
 *
 * @param path indexes from the file's top level down to the message
 */
record SchemaFrame(int schemaId, List<Integer> path) {
    private static final byte MAGIC = 0;
    private static final int BEFORE_PATH = 5;
    /** The most levels of nesting that are read; our messages have one. */
    private static final int DEEPEST = 8;

    SchemaFrame {
        path = List.copyOf(path);
        if (schemaId < 0
                || path.isEmpty()
                || path.size() > DEEPEST
                || path.stream().anyMatch(index -> index < 0)) {
            throw new IllegalArgumentException("a frame has a schema id and a path of 1 to " + DEEPEST
                    + " indexes, none below 0; got " + schemaId + " and " + path);
        }
    }

    /** A frame with the number of bytes that it takes. */
    record Found(SchemaFrame frame, int length) {}

    static boolean startsWith(byte[] value) {
        return value.length > 0 && value[0] == MAGIC;
    }

    /**
     * Reads the frame at the start of a record.
     *
     * @throws UnreadableRecordException when the frame is damaged
     */
    static Found read(byte[] value) {
        if (value.length <= BEFORE_PATH) {
            throw new UnreadableRecordException(
                    "a schema registry's frame has at least " + (BEFORE_PATH + 1) + " bytes, got " + value.length);
        }
        Reader reader = new Reader(value);
        int id = ByteBuffer.wrap(value).getInt(1);
        int count = reader.varint();
        List<Integer> path = new ArrayList<>();
        if (count == 0) {
            path.add(0);
        } else if (count > 0 && count <= DEEPEST) {
            for (int i = 0; i < count; i++) {
                path.add(reader.varint());
            }
        }
        try {
            return new Found(new SchemaFrame(id, path), reader.at);
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException(e.getMessage() + " (" + count + " announced)", e);
        }
    }

    byte[] bytes() {
        byte[] bytes = new byte[BEFORE_PATH + 5 * (1 + path.size())];
        bytes[0] = MAGIC;
        for (int i = 0; i < 4; i++) {
            bytes[1 + i] = (byte) (schemaId >>> (24 - 8 * i));
        }
        int at = BEFORE_PATH;
        if (path.equals(List.of(0))) {
            bytes[at++] = 0;
        } else {
            at = put(bytes, at, path.size());
            for (int index : path) {
                at = put(bytes, at, index);
            }
        }
        return Arrays.copyOf(bytes, at);
    }

    private static int put(byte[] bytes, int start, int value) {
        int at = start;
        int zigzag = (value << 1) ^ (value >> 31);
        while ((zigzag & ~0x7f) != 0) {
            bytes[at++] = (byte) (zigzag | 0x80);
            zigzag >>>= 7;
        }
        bytes[at++] = (byte) zigzag;
        return at;
    }

    private static final class Reader {
        private final byte[] value;
        private int at = BEFORE_PATH;

        Reader(byte[] value) {
            this.value = value;
        }

        int varint() {
            int zigzag = 0;
            for (int shift = 0; shift < 35; shift += 7) {
                if (at == value.length) {
                    throw new UnreadableRecordException("a schema registry's frame ends within its message indexes");
                }
                byte next = value[at++];
                zigzag |= (next & 0x7f) << shift;
                if (next >= 0) {
                    return (zigzag >>> 1) ^ -(zigzag & 1);
                }
            }
            throw new UnreadableRecordException("a schema registry's frame has a message index beyond 32 bits");
        }
    }
}
