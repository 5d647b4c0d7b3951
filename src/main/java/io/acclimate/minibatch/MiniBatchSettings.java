package io.acclimate.minibatch;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How labels become mini-batches.
 *
 * @param group names the Streams application, under the topics' prefix
 * @param instance tells instances on one machine apart: each has its own state directory
 * @param threads stream threads of this instance
 * @param partitions of the topic between validation and buffers: at most so many tasks; fixed once it exists
 * @param maxSamples flushes a mini-batch of so many
 * @param maxBytes flushes before a mini-batch outgrows it; one larger image goes alone
 * @param maxWait flushes so long after the first sample
 * @param commitInterval bounds how late the next stage sees a record
 * @param limits what producers of labels may do
 * @param join how labels without bytes find their images
 * @param stateDir holds the buffers; when it is lost they are restored from Kafka
 */
public record MiniBatchSettings(
        String group,
        String instance,
        int threads,
        int partitions,
        int maxSamples,
        int maxBytes,
        Duration maxWait,
        Duration commitInterval,
        LabelLimits limits,
        JoinSettings join,
        Path stateDir) {
    public MiniBatchSettings {
        if (group.isBlank() || instance.isBlank()) {
            throw new IllegalArgumentException("group and instance must not be blank");
        }
        if (threads < 1 || partitions < 1 || maxSamples < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("threads, partitions, maxSamples and maxBytes are at least 1, got "
                    + threads + ", " + partitions + ", " + maxSamples + " and " + maxBytes);
        }
        if (maxWait.isNegative() || maxWait.isZero() || commitInterval.isNegative()) {
            throw new IllegalArgumentException(
                    "maxWait must be above 0 and commitInterval not below, got " + maxWait + " and " + commitInterval);
        }
    }

    public static MiniBatchSettings defaults() {
        return new MiniBatchSettings(
                "acclimate-minibatch",
                "0",
                1,
                4,
                32,
                700 << 10,
                Duration.ofSeconds(2),
                Duration.ofMillis(100),
                LabelLimits.DEFAULT,
                JoinSettings.DEFAULT,
                Path.of(System.getProperty("java.io.tmpdir"), "acclimate-minibatch"));
    }

    public MiniBatchSettings withInstance(String other) {
        return new MiniBatchSettings(
                group,
                other,
                threads,
                partitions,
                maxSamples,
                maxBytes,
                maxWait,
                commitInterval,
                limits,
                join,
                stateDir);
    }

    public MiniBatchSettings withLabelLimits(LabelLimits other) {
        return new MiniBatchSettings(
                group,
                instance,
                threads,
                partitions,
                maxSamples,
                maxBytes,
                maxWait,
                commitInterval,
                other,
                join,
                stateDir);
    }

    public MiniBatchSettings withJoin(JoinSettings other) {
        return new MiniBatchSettings(
                group,
                instance,
                threads,
                partitions,
                maxSamples,
                maxBytes,
                maxWait,
                commitInterval,
                limits,
                other,
                stateDir);
    }

    public MiniBatchSettings withPartitions(int other) {
        return new MiniBatchSettings(
                group, instance, threads, other, maxSamples, maxBytes, maxWait, commitInterval, limits, join, stateDir);
    }

    public MiniBatchSettings withLimits(int samples, int bytes, Duration wait) {
        return new MiniBatchSettings(
                group, instance, threads, partitions, samples, bytes, wait, commitInterval, limits, join, stateDir);
    }

    public MiniBatchSettings withStateDir(Path other) {
        return new MiniBatchSettings(
                group,
                instance,
                threads,
                partitions,
                maxSamples,
                maxBytes,
                maxWait,
                commitInterval,
                limits,
                join,
                other);
    }
}
