package io.acclimate.minibatch;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where a predicted image stands, and what it was labelled as.
 *
 * @param label the class that a label without bytes gave it; empty for none
 */
record ServedImage(Coordinates at, DomainId domain, String label) {
    /** First byte of the encoded form, which tells it from a {@link PendingLabel}. */
    static final byte KIND = 0;

    private static final int FIXED = 1 + 4 + 8 + 1;

    static ServedImage unlabelled(Coordinates at, DomainId domain) {
        return new ServedImage(at, domain, "");
    }

    boolean isLabelled() {
        return !label.isEmpty();
    }

    ServedImage labelled(String className) {
        return new ServedImage(at, domain, className);
    }

    /** Kind, partition, offset, the domain's length, domain, label. The topic is always {@code images}. */
    byte[] toBytes() {
        byte[] domainBytes = domain.value().getBytes(StandardCharsets.UTF_8);
        byte[] labelBytes = label.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(FIXED + domainBytes.length + labelBytes.length)
                .put(KIND)
                .putInt(at.partition())
                .putLong(at.offset())
                .put((byte) domainBytes.length)
                .put(domainBytes)
                .put(labelBytes)
                .array();
    }

    static ServedImage parse(String topic, byte[] bytes) {
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
}
