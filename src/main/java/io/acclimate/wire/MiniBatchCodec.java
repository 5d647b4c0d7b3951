package io.acclimate.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.acclimate.core.Bytes;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.MiniBatch.UnlabelledImage;
import io.acclimate.core.Payload;
import java.time.DateTimeException;
import java.util.Optional;

/** Mini-batches and labelled samples as the bytes of {@code mini_batch.proto}. Stateless. */
public final class MiniBatchCodec {
    public byte[] encode(MiniBatch batch) {
        var message = io.acclimate.wire.v1.MiniBatch.newBuilder()
                .setDomain(batch.domain().value())
                .setSequence(batch.sequence())
                .setCause(
                        switch (batch.cause()) {
                            case COUNT -> io.acclimate.wire.v1.MiniBatch.FlushCause.FLUSH_CAUSE_COUNT;
                            case BYTES -> io.acclimate.wire.v1.MiniBatch.FlushCause.FLUSH_CAUSE_BYTES;
                            case TIME -> io.acclimate.wire.v1.MiniBatch.FlushCause.FLUSH_CAUSE_TIME;
                        })
                .setOpenedAt(ProtoValues.timestamp(batch.openedAt()))
                .setClosedAt(ProtoValues.timestamp(batch.closedAt()));
        batch.samples().forEach(sample -> message.addSamples(message(sample)));
        batch.unlabelled().forEach(image -> message.addUnlabelled(message(image)));
        return message.build().toByteArray();
    }

    public MiniBatch decode(byte[] bytes) {
        try {
            var message = io.acclimate.wire.v1.MiniBatch.parseFrom(bytes);
            return new MiniBatch(
                    new DomainId(message.getDomain()),
                    message.getSequence(),
                    switch (message.getCause()) {
                        case FLUSH_CAUSE_COUNT -> MiniBatch.FlushCause.COUNT;
                        case FLUSH_CAUSE_BYTES -> MiniBatch.FlushCause.BYTES;
                        case FLUSH_CAUSE_TIME, FLUSH_CAUSE_UNSPECIFIED, UNRECOGNIZED -> MiniBatch.FlushCause.TIME;
                    },
                    message.getSamplesList().stream()
                            .map(MiniBatchCodec::sample)
                            .toList(),
                    message.getUnlabelledList().stream()
                            .map(MiniBatchCodec::image)
                            .toList(),
                    ProtoValues.instant(message.getOpenedAt()),
                    ProtoValues.instant(message.getClosedAt()));
        } catch (InvalidProtocolBufferException | IllegalArgumentException | DateTimeException e) {
            throw new UnreadableRecordException("not a mini-batch: " + e.getMessage(), e);
        }
    }

    public byte[] encodeSample(LabelledSample sample) {
        return message(sample).toByteArray();
    }

    public LabelledSample decodeSample(byte[] bytes) {
        try {
            return sample(io.acclimate.wire.v1.LabelledSample.parseFrom(bytes));
        } catch (InvalidProtocolBufferException | IllegalArgumentException | DateTimeException e) {
            throw new UnreadableRecordException("not a labelled sample: " + e.getMessage(), e);
        }
    }

    /** The message of a sample, for those that put it into another message. */
    public static io.acclimate.wire.v1.LabelledSample message(LabelledSample sample) {
        return io.acclimate.wire.v1.LabelledSample.newBuilder()
                .setImageId(sample.imageId().value())
                .setClassIndex(sample.classIndex())
                .setClassName(sample.className())
                .setImage(UnsafeByteOperations.unsafeWrap(sample.image().bytes().array()))
                .setContentType(sample.image().contentType().orElse(""))
                .setLabel(ProtoValues.coordinates(sample.label()))
                .setLabelTime(ProtoValues.timestamp(sample.labelTime()))
                .setTraceparent(sample.traceparent())
                .build();
    }

    private static io.acclimate.wire.v1.UnlabelledImage message(UnlabelledImage image) {
        return io.acclimate.wire.v1.UnlabelledImage.newBuilder()
                .setImageId(image.imageId().value())
                .setImage(UnsafeByteOperations.unsafeWrap(image.image().bytes().array()))
                .setContentType(image.image().contentType().orElse(""))
                .setAt(ProtoValues.coordinates(image.at()))
                .build();
    }

    /** The image of a message that is part of another one. */
    public static UnlabelledImage image(io.acclimate.wire.v1.UnlabelledImage message) {
        return new UnlabelledImage(
                new ImageId(message.getImageId()),
                payload(message.getImage(), message.getContentType()),
                ProtoValues.coordinates(message.getAt()));
    }

    private static Payload payload(ByteString image, String contentType) {
        return new Payload(
                Bytes.wrap(image.toByteArray()), Optional.of(contentType).filter(type -> !type.isEmpty()));
    }

    /** The reverse of {@link #message(LabelledSample)}. */
    public static LabelledSample sample(io.acclimate.wire.v1.LabelledSample message) {
        return new LabelledSample(
                new ImageId(message.getImageId()),
                message.getClassIndex(),
                message.getClassName(),
                payload(message.getImage(), message.getContentType()),
                ProtoValues.coordinates(message.getLabel()),
                ProtoValues.instant(message.getLabelTime()),
                message.getTraceparent());
    }
}
