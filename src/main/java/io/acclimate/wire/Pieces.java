package io.acclimate.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * Cuts a message into pieces for records below the broker's limit. Only one of them is in memory at a time: a checkpoint has each trained
 * weight three times, and two more copies of that were what a heap had no room for. A piece is valid until the next one is given.
 */
final class Pieces extends OutputStream {
    static final int BYTES = 512 * 1024;

    private final Consumer<ByteString> each;
    private final byte[] piece = new byte[BYTES];
    private int filled;
    private boolean given;

    private Pieces(Consumer<ByteString> each) {
        this.each = each;
    }

    /** Gives the pieces in order; an empty message is one empty piece. */
    static void of(MessageLite message, Consumer<ByteString> each) {
        try (Pieces pieces = new Pieces(each)) {
            message.writeTo(pieces);
        } catch (IOException e) {
            throw new UncheckedIOException("pieces in memory cannot fail", e);
        }
    }

    /** How many pieces the message has. */
    static int count(MessageLite message) {
        return Math.max(1, (message.getSerializedSize() + BYTES - 1) / BYTES);
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        for (int done = 0; done < length; ) {
            if (filled == BYTES) {
                give();
            }
            int some = Math.min(length - done, BYTES - filled);
            System.arraycopy(bytes, from + done, piece, filled, some);
            filled += some;
            done += some;
        }
    }

    private void give() {
        each.accept(UnsafeByteOperations.unsafeWrap(piece, 0, filled));
        given = true;
        filled = 0;
    }

    @Override
    public void close() {
        if (filled > 0 || !given) {
            give();
        }
    }
}
