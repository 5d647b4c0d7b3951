package io.acclimate.minibatch.state;

import com.google.protobuf.ByteString;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.v1.StoredBuffer;
import io.acclimate.wire.v1.StoredHeader;
import io.acclimate.wire.v1.StoredImage;
import io.acclimate.wire.v1.StoredLabel;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Turns the values that builds before {@code minibatch_state.proto} left in the stores and on the repartition topics into its
 * messages. Such a value
 * begins with byte 0 or 1: with its kind in the join, and with the high byte of a number in a buffer. No Protobuf message begins
 * with byte 0 or 1, since the first byte of one holds a field's number, which is at least 1, in its higher five bits.
 */
final class EarlierForms {
    private static final byte IMAGE = 0;
    private static final byte LABEL = 1;

    private static final MiniBatchCodec CODEC = new MiniBatchCodec();
    private static final int NULL = -1;

    private EarlierForms() {}

    static boolean isImage(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == IMAGE;
    }

    static boolean isLabel(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == LABEL;
    }

    /** A buffer's first eight bytes were its sequence, which never reached 2⁵⁶. */
    static boolean isBuffer(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == 0;
    }

    /** Kind, partition, offset, the domain's length, domain, label. */
    static StoredImage image(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        buffer.get();
        return StoredImage.newBuilder()
                .setPartition(buffer.getInt())
                .setOffset(buffer.getLong())
                .setDomain(text(buffer, buffer.get()))
                .setLabel(text(buffer, buffer.remaining()))
                .build();
    }

    private static String text(ByteBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Kind, whether the value was null, then with their lengths the sample, the image, and each header. */
    static StoredLabel label(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            in.skipBytes(1);
            boolean nullValue = in.readBoolean();
            StoredLabel.Builder label = StoredLabel.newBuilder()
                    .setNullValue(nullValue)
                    .setSample(MiniBatchCodec.message(CODEC.decodeSample(in.readNBytes(in.readInt()))));
            byte[] image = in.readNBytes(in.readInt());
            if (image.length > 0) {
                label.setImage(image(image));
            }
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String name = in.readUTF();
                int length = in.readInt();
                StoredHeader.Builder header = label.addHeadersBuilder().setName(name);
                if (length != NULL) {
                    header.setValue(ByteString.copyFrom(in.readNBytes(length)));
                }
            }
            return label.build();
        } catch (IOException e) {
            throw new UncheckedIOException("a pending label of " + bytes.length + " bytes is cut off", e);
        }
    }

    /** Sequence, samples, bytes, and when it was opened. */
    static StoredBuffer buffer(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return StoredBuffer.newBuilder()
                .setSequence(buffer.getLong())
                .setSamples(buffer.getInt())
                .setBytes(buffer.getLong())
                .setOpenedAt(buffer.getLong())
                .build();
    }
}
