package io.acclimate.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.DomainId;
import io.acclimate.wire.v1.MiniBatch;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.StartPass;
import io.acclimate.wire.v1.StartSample;
import io.acclimate.wire.v1.StartState;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Records of {@code adaptation-starts}: a start in parts below the message limit, with the keys {@code DOMAIN/SLOT/INDEX}, and the last
 * pass of a partition with the key {@code /pass}, which no domain can have. A single sample that is larger than a part is a part. Stateless.
 */
public final class StartCodec {
    public byte[] key(DomainId domain, int slot, int index) {
        return (domain + "/" + slot + "/" + index).getBytes(StandardCharsets.UTF_8);
    }

    public byte[] passKey() {
        return "/pass".getBytes(StandardCharsets.UTF_8);
    }

    public byte[] encode(StartPass pass) {
        return StartPart.newBuilder().setPass(pass).build().toByteArray();
    }

    /**
     * Gives a start's parts in the order of their indexes, one at a time.
     *
     * @param state in messages that are made one after another, since all of it has each trained weight four times; joined they are one
     * @param samples in the last part or parts
     */
    public void parts(
            DomainId domain,
            long generation,
            int slot,
            List<Supplier<StartState>> state,
            Collection<StartSample> samples,
            Consumer<byte[]> each) {
        StartParts parts = new StartParts(domain, generation, slot, (index, ofSamples, value) -> each.accept(value));
        parts.state(state);
        parts.end(samples);
    }

    /**
     * Reads one record's value.
     *
     * @throws UnreadableRecordException when it is no part of a start and no pass
     */
    public StartPart part(byte[] value) {
        try {
            StartPart part = StartPart.parseFrom(value);
            if (!part.hasPass() && !DomainId.isValid(part.getDomain())) {
                throw new UnreadableRecordException("a part of a start names the domain '" + part.getDomain() + "'");
            }
            return part;
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableRecordException("not a part of a start: " + e.getMessage(), e);
        }
    }

    /**
     * Joins the pieces of a state.
     *
     * @throws UnreadableRecordException when they are none
     */
    public StartState state(List<ByteString> pieces) {
        try {
            return StartState.parseFrom(ByteString.copyFrom(pieces));
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableRecordException("the joined state of a start is unreadable: " + e.getMessage(), e);
        }
    }

    /**
     * Takes samples out of a mini-batch's record as they are.
     *
     * @param offset of the record
     * @throws UnreadableRecordException when it is no mini-batch
     */
    public void samples(byte[] miniBatch, long offset, Predicate<SampleRef> wanted, Consumer<StartSample> each) {
        MiniBatch batch;
        try {
            batch = MiniBatch.parseFrom(miniBatch);
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableRecordException("not a mini-batch: " + e.getMessage(), e);
        }
        boolean labelled = batch.getUnlabelledCount() == 0;
        for (int i = 0; i < Math.max(batch.getSamplesCount(), batch.getUnlabelledCount()); i++) {
            SampleRef at = SampleRef.newBuilder().setOffset(offset).setIndex(i).build();
            if (wanted.test(at)) {
                StartSample.Builder sample = StartSample.newBuilder().setAt(at);
                each.accept(
                        labelled
                                ? sample.setSample(batch.getSamples(i)).build()
                                : sample.setUnlabelled(batch.getUnlabelled(i)).build());
            }
        }
    }
}
