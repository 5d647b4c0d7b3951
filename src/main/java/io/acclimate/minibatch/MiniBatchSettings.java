package io.acclimate.minibatch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

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
        return new Draft().settings();
    }

    public MiniBatchSettings withInstance(String name) {
        return with(to -> to.instance = name);
    }

    public MiniBatchSettings withLabelLimits(LabelLimits other) {
        return with(to -> to.limits = other);
    }

    public MiniBatchSettings withJoin(JoinSettings other) {
        return with(to -> to.join = other);
    }

    public MiniBatchSettings withPartitions(int count) {
        return with(to -> to.partitions = count);
    }

    public MiniBatchSettings withLimits(int samples, int bytes, Duration wait) {
        return with(to -> {
            to.maxSamples = samples;
            to.maxBytes = bytes;
            to.maxWait = wait;
        });
    }

    public MiniBatchSettings withStateDir(Path folder) {
        return with(to -> to.stateDir = folder);
    }

    private MiniBatchSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** Every setting by its name, at first the default one, so that a change names only what it changes. */
    private static final class Draft {
        private String group = "acclimate-minibatch";
        private String instance = "0";
        private int threads = 1;
        private int partitions = 4;
        private int maxSamples = 32;
        private int maxBytes = 700 << 10;
        private Duration maxWait = Duration.ofSeconds(2);
        private Duration commitInterval = Duration.ofMillis(100);
        private LabelLimits limits = LabelLimits.DEFAULT;
        private JoinSettings join = JoinSettings.DEFAULT;
        private Path stateDir = Path.of(System.getProperty("java.io.tmpdir"), "acclimate-minibatch");

        private Draft() {}

        private Draft(MiniBatchSettings from) {
            group = from.group;
            instance = from.instance;
            threads = from.threads;
            partitions = from.partitions;
            maxSamples = from.maxSamples;
            maxBytes = from.maxBytes;
            maxWait = from.maxWait;
            commitInterval = from.commitInterval;
            limits = from.limits;
            join = from.join;
            stateDir = from.stateDir;
        }

        private MiniBatchSettings settings() {
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
                    stateDir);
        }
    }
}
