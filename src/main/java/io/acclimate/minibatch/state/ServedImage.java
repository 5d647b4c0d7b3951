package io.acclimate.minibatch.state;

import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.v1.JoinRecord;
import io.acclimate.wire.v1.StoredImage;

/**
 * Where a predicted image is on {@code images}, and what it was labelled as.
 *
 * @param label the class that a label without bytes gave it; empty for none
 */
public record ServedImage(Coordinates at, DomainId domain, String label) {
    /** First byte of a {@link JoinRecord} with an image: the field's number and the type of a message. */
    private static final byte TAG = JoinRecord.IMAGE_FIELD_NUMBER << 3 | 2;

    public static ServedImage unlabelled(Coordinates at, DomainId domain) {
        return new ServedImage(at, domain, "");
    }

    public boolean isLabelled() {
        return !label.isEmpty();
    }

    public ServedImage labelled(String className) {
        return new ServedImage(at, domain, className);
    }

    /** Tells an image from a {@link PendingLabel} without parsing it: every image that is served comes by here. */
    public static boolean isOne(byte[] joinRecord) {
        return (joinRecord.length > 0 && joinRecord[0] == TAG) || EarlierForms.isImage(joinRecord);
    }

    /** The topic is not in it, since it is always {@code images}. */
    public byte[] toBytes() {
        return JoinRecord.newBuilder().setImage(stored()).build().toByteArray();
    }

    StoredImage stored() {
        return StoredImage.newBuilder()
                .setPartition(at.partition())
                .setOffset(at.offset())
                .setDomain(domain.value())
                .setLabel(label)
                .build();
    }

    /**
     * Reads {@link #toBytes()} of this build and of the builds before it.
     *
     * @param topic of images
     */
    public static ServedImage parse(String topic, byte[] bytes) {
        if (EarlierForms.isImage(bytes)) {
            return of(topic, EarlierForms.image(bytes));
        }
        try {
            JoinRecord read = JoinRecord.parseFrom(bytes);
            if (!read.hasImage()) {
                throw new UnreadableRecordException("not a served image: the record holds " + read.getKindCase());
            }
            return of(topic, read.getImage());
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableRecordException("not a served image: " + e.getMessage(), e);
        }
    }

    static ServedImage of(String topic, StoredImage stored) {
        return new ServedImage(
                new Coordinates(topic, stored.getPartition(), stored.getOffset()),
                new DomainId(stored.getDomain()),
                stored.getLabel());
    }
}
