package io.acclimate.minibatch.state;

import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.v1.StoredBuffer;

/**
 * The number of a domain's next mini-batch, and how much is collected for it.
 *
 * @param openedAtMillis when its first sample came; meaningless while it is empty
 * @param tenancy what decides about the domain's place
 */
public record OpenBuffer(long sequence, int samples, long bytes, long openedAtMillis, Tenancy tenancy) {
    public static final OpenBuffer FIRST = new OpenBuffer(0, 0, 0, 0);

    /** A buffer of a domain whose labels nobody has counted. */
    public OpenBuffer(long sequence, int samples, long bytes, long openedAtMillis) {
        this(sequence, samples, bytes, openedAtMillis, Tenancy.NONE);
    }

    public boolean isEmpty() {
        return samples == 0;
    }

    public OpenBuffer plus(int sampleBytes, long nowMillis) {
        return new OpenBuffer(
                sequence, samples + 1, bytes + sampleBytes, isEmpty() ? nowMillis : openedAtMillis, tenancy);
    }

    public OpenBuffer openedAt(long millis) {
        return new OpenBuffer(sequence, samples, bytes, millis, tenancy);
    }

    public OpenBuffer next() {
        return new OpenBuffer(sequence + 1, 0, 0, 0, tenancy);
    }

    public OpenBuffer with(Tenancy other) {
        return new OpenBuffer(sequence, samples, bytes, openedAtMillis, other);
    }

    /** Fills in what builds did not note that knew no tenancies: the domain counts as labelled at {@code nowMillis}. */
    public OpenBuffer knownAt(long nowMillis) {
        return tenancy.lastLabelMillis() > 0
                ? this
                : with(new Tenancy(Math.max(tenancy.labels(), sequence + samples), nowMillis, tenancy.ended()));
    }

    public byte[] toBytes() {
        return StoredBuffer.newBuilder()
                .setSequence(sequence)
                .setSamples(samples)
                .setBytes(bytes)
                .setOpenedAt(openedAtMillis)
                .setLabels(tenancy.labels())
                .setLastLabelAt(tenancy.lastLabelMillis())
                .setPlaceEnded(tenancy.ended())
                .build()
                .toByteArray();
    }

    /** Reads {@link #toBytes()} of this build and of the builds before it. */
    public static OpenBuffer parse(byte[] stored) {
        if (EarlierForms.isBuffer(stored)) {
            return of(EarlierForms.buffer(stored));
        }
        try {
            return of(StoredBuffer.parseFrom(stored));
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableRecordException("not an open buffer: " + e.getMessage(), e);
        }
    }

    private static OpenBuffer of(StoredBuffer buffer) {
        return new OpenBuffer(buffer.getSequence(), buffer.getSamples(), buffer.getBytes(), buffer.getOpenedAt())
                .with(new Tenancy(buffer.getLabels(), buffer.getLastLabelAt(), buffer.getPlaceEnded()));
    }
}
