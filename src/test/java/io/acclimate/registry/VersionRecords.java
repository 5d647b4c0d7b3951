package io.acclimate.registry;

import io.acclimate.core.Activation;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Shape;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Versions, activations and weights made for the tests, and a topic of one partition that a mock consumer reads. */
final class VersionRecords {
    static final DomainId CAMERA = new DomainId("camera-1");
    static final Topics TOPICS = Topics.DEFAULT;
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private VersionRecords() {}

    static VersionId id(long number) {
        return new VersionId(CAMERA, number);
    }

    /** A delta of the given number of floats; 300,000 need three chunks. */
    static WeightDelta weights(long seed, int floats) {
        Random random = new Random(seed);
        float[] values = new float[floats];
        for (int i = 0; i < floats; i++) {
            values[i] = random.nextFloat();
        }
        return WeightDelta.of(Map.of("w", FloatTensor.wrap(Shape.of(floats), values)));
    }

    /** The record of a version whose chunks start at {@code offset}. */
    static ModelVersion version(long number, byte[] delta, long offset) {
        return new ModelVersion(
                id(number),
                number - 1,
                Digest.of(new byte[] {1}),
                List.of("boot", "bag"),
                Digest.of(delta),
                new Coordinates(TOPICS.modelWeights(), 0, offset),
                WeightChunks.count(delta.length),
                delta.length,
                NOW,
                Map.of("seed", "7"));
    }

    static Activation activation(long number, long epoch, Activation.Cause cause) {
        return new Activation(id(number), epoch, cause, "better", NOW, 32, NOW);
    }

    static List<byte[]> chunks(long number, byte[] delta) {
        List<byte[]> chunks = new ArrayList<>();
        int count = WeightChunks.count(delta.length);
        for (int i = 0; i < count; i++) {
            chunks.add(WeightChunks.chunk(id(number), delta, i, count).toByteArray());
        }
        return chunks;
    }

    /** Partition 0 of a topic. What is on it comes with the first poll after each seek; {@link #append} comes with a later one. */
    static final class Partition extends MockConsumer<byte[], byte[]> {
        private final TopicPartition partition;
        private final List<byte @Nullable []> values = new ArrayList<>();
        private long given;

        Partition(String topic) {
            super("earliest");
            partition = new TopicPartition(topic, 0);
            updatePartitions(topic, List.of(new PartitionInfo(topic, 0, null, null, null)));
            updateBeginningOffsets(Map.of(partition, 0L));
            updateEndOffsets(Map.of(partition, 0L));
        }

        Partition with(List<byte @Nullable []> more) {
            more.forEach(this::append);
            return this;
        }

        synchronized void append(byte @Nullable [] value) {
            values.add(value);
            updateEndOffsets(Map.of(partition, (long) values.size()));
        }

        @Override
        @SuppressWarnings("NullAway") // a tombstone has no value
        public synchronized org.apache.kafka.clients.consumer.ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            given = Math.max(given, position(partition));
            for (; given < values.size(); given++) {
                addRecord(new ConsumerRecord<>(partition.topic(), 0, given, new byte[0], values.get((int) given)));
            }
            return super.poll(timeout);
        }

        @Override
        public synchronized void seek(TopicPartition to, long offset) {
            given = offset;
            super.seek(to, offset);
        }

        @Override
        public synchronized void seekToBeginning(java.util.Collection<TopicPartition> all) {
            given = 0;
            super.seekToBeginning(all);
        }
    }
}
