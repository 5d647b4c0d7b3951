package io.acclimate.minibatch.state;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.LabelledSample;
import io.acclimate.wire.MiniBatchCodec;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Reads the values that builds before {@code minibatch_state.proto} left in the stores and on the repartition topics. Such a value
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
    static ServedImage image(String topic, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        buffer.get();
        Coordinates at = new Coordinates(topic, buffer.getInt(), buffer.getLong());
        String domain = text(buffer, buffer.get());
        return new ServedImage(at, new DomainId(domain), text(buffer, buffer.remaining()));
    }

    private static String text(ByteBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Kind, whether the value was null, then with their lengths the sample, the image, and each header. */
    static PendingLabel label(String topic, byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            in.skipBytes(1);
            boolean nullValue = in.readBoolean();
            LabelledSample sample = CODEC.decodeSample(in.readNBytes(in.readInt()));
            byte[] image = in.readNBytes(in.readInt());
            RecordHeaders headers = new RecordHeaders();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String name = in.readUTF();
                int length = in.readInt();
                headers.add(name, length == NULL ? null : in.readNBytes(length));
            }
            return new PendingLabel(
                    sample,
                    headers,
                    nullValue,
                    image.length == 0 ? Optional.empty() : Optional.of(image(topic, image)));
        } catch (IOException e) {
            throw new UncheckedIOException("a pending label of " + bytes.length + " bytes is cut off", e);
        }
    }

    /** Sequence, samples, bytes, and when it was opened. */
    static OpenBuffer buffer(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new OpenBuffer(buffer.getLong(), buffer.getInt(), buffer.getLong(), buffer.getLong());
    }
}
