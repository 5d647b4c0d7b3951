package io.acclimate.minibatch.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.LabelledSample;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.v1.JoinRecord;
import io.acclimate.wire.v1.StoredHeader;
import io.acclimate.wire.v1.StoredLabel;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A label whose image's bytes are still to be found, with all that its dead letter would need.
 *
 * @param sample without bytes
 * @param nullValue whether the record's value was null and not empty
 * @param image set once its prediction was found
 */
public record PendingLabel(LabelledSample sample, Headers headers, boolean nullValue, Optional<ServedImage> image) {
    public PendingLabel of(ServedImage found) {
        return new PendingLabel(sample, headers, nullValue, Optional.of(found));
    }

    public byte[] toBytes() {
        StoredLabel.Builder label = StoredLabel.newBuilder()
                .setSample(MiniBatchCodec.message(sample))
                .setNullValue(nullValue);
        for (Header header : headers) {
            StoredHeader.Builder stored = StoredHeader.newBuilder().setName(header.key());
            if (header.value() != null) {
                stored.setValue(ByteString.copyFrom(header.value()));
            }
            label.addHeaders(stored);
        }
        image.ifPresent(found -> label.setImage(found.stored()));
        return JoinRecord.newBuilder().setLabel(label).build().toByteArray();
    }

    /**
     * Reads {@link #toBytes()} of this build and of the builds before it.
     *
     * @param topic of images
     */
    public static PendingLabel parse(String topic, byte[] bytes) {
        if (EarlierForms.isLabel(bytes)) {
            return of(topic, EarlierForms.label(bytes));
        }
        try {
            JoinRecord read = JoinRecord.parseFrom(bytes);
            if (!read.hasLabel()) {
                throw new UnreadableRecordException("not a pending label: the record holds " + read.getKindCase());
            }
            return of(topic, read.getLabel());
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableRecordException("not a pending label: " + e.getMessage(), e);
        }
    }

    private static PendingLabel of(String topic, StoredLabel label) {
        RecordHeaders headers = new RecordHeaders();
        label.getHeadersList()
                .forEach(each -> headers.add(
                        each.getName(), each.hasValue() ? each.getValue().toByteArray() : null));
        return new PendingLabel(
                MiniBatchCodec.sample(label.getSample()),
                headers,
                label.getNullValue(),
                label.hasImage() ? Optional.of(ServedImage.of(topic, label.getImage())) : Optional.empty());
    }
}
