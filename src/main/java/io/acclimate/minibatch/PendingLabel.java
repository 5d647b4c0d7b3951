package io.acclimate.minibatch;

import io.acclimate.core.LabelledSample;
import io.acclimate.wire.MiniBatchCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A label whose bytes are still to be found, with all that its dead letter would need.
 *
 * @param sample without bytes
 * @param nullValue whether the record's value was null and not empty
 * @param image known once its prediction was found
 */
record PendingLabel(LabelledSample sample, Headers headers, boolean nullValue, Optional<ServedImage> image) {
    static final byte KIND = 1;

    private static final MiniBatchCodec CODEC = new MiniBatchCodec();
    private static final int NULL = -1;

    PendingLabel of(ServedImage found) {
        return new PendingLabel(sample, headers, nullValue, Optional.of(found));
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(KIND);
            out.writeBoolean(nullValue);
            write(out, CODEC.encodeSample(sample));
            write(out, image.map(ServedImage::toBytes).orElseGet(() -> new byte[0]));
            Header[] all = headers.toArray();
            out.writeInt(all.length);
            for (Header header : all) {
                out.writeUTF(header.key());
                if (header.value() == null) {
                    out.writeInt(NULL);
                } else {
                    write(out, header.value());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes all bytes", e);
        }
        return bytes.toByteArray();
    }

    /** @param topic of images */
    static PendingLabel parse(String topic, byte[] bytes) {
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
                    image.length == 0 ? Optional.empty() : Optional.of(ServedImage.parse(topic, image)));
        } catch (IOException e) {
            throw new UncheckedIOException("a pending label of " + bytes.length + " bytes is cut off", e);
        }
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
