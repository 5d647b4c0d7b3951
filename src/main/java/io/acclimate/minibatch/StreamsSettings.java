package io.acclimate.minibatch;

import io.acclimate.minibatch.state.StoreMemory;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How Kafka Streams runs.
 *
 * @param threads stream threads of this instance
 * @param partitions of the topic between validation and buffers: there are at most as many tasks; fixed once the topic exists
 * @param commitInterval bounds how late the next stage sees a record
 * @param stateDir holds the buffers; when it is lost they are restored from Kafka
 */
public record StreamsSettings(int threads, int partitions, Duration commitInterval, Path stateDir) {
    /** Of each partition: buffers, samples, labels that wait, and three segments of the index of served images. */
    private static final int STORES = 6;

    public StreamsSettings {
        if (threads < 1 || partitions < 1) {
            throw new IllegalArgumentException(
                    "threads and partitions are at least 1, got " + threads + " and " + partitions);
        }
        if (commitInterval.isNegative()) {
            throw new IllegalArgumentException("commitInterval must not be below 0, got " + commitInterval);
        }
    }

    public static StreamsSettings defaults() {
        return new StreamsSettings(1, 4, Duration.ofMillis(100), Path.of("acclimate-data", "minibatch"));
    }

    /** What the stores of all tasks have in memory, beside the heap, when they have been written for a while. */
    public long storeBytes() {
        return StoreMemory.BYTES * STORES * partitions;
    }

    public StreamsSettings withPartitions(int count) {
        return new StreamsSettings(threads, count, commitInterval, stateDir);
    }

    public StreamsSettings withStateDir(Path folder) {
        return new StreamsSettings(threads, partitions, commitInterval, folder);
    }
}
