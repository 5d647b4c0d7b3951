package io.acclimate.minibatch;

import java.nio.ByteBuffer;

/**
 * A domain's place in its stream of mini-batches: the number of the next one and what is collected for it.
 *
 * @param openedAtMillis when its first sample came; meaningless while it is empty
 */
record OpenBuffer(long sequence, int samples, long bytes, long openedAtMillis) {
    static final OpenBuffer FIRST = new OpenBuffer(0, 0, 0, 0);

    boolean isEmpty() {
        return samples == 0;
    }

    OpenBuffer plus(int sampleBytes, long nowMillis) {
        return new OpenBuffer(sequence, samples + 1, bytes + sampleBytes, isEmpty() ? nowMillis : openedAtMillis);
    }

    OpenBuffer openedAt(long millis) {
        return new OpenBuffer(sequence, samples, bytes, millis);
    }

    OpenBuffer next() {
        return new OpenBuffer(sequence + 1, 0, 0, 0);
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(28)
                .putLong(sequence)
                .putInt(samples)
                .putLong(bytes)
                .putLong(openedAtMillis)
                .array();
    }

    static OpenBuffer parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new OpenBuffer(buffer.getLong(), buffer.getInt(), buffer.getLong(), buffer.getLong());
    }
}
