package io.acclimate.registry;

import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.Topics;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.VersionCodec;
import io.acclimate.wire.VersionRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads versions and their weights on demand, read_committed. One thread at a time. A client exception (no broker, no topic)
 * passes through, and the call may be repeated; damage is a value.
 */
public final class WeightReader implements PublishedVersions, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Topics topics;
    private final Duration patience;
    private final VersionCodec codec = new VersionCodec();

    public WeightReader(Map<String, Object> clientProps, Topics topics) {
        this(clientProps, topics, PATIENCE);
    }

    /** {@code patience} is how long a chunk may be late: a transaction's markers reach its partitions one after another. */
    WeightReader(Map<String, Object> clientProps, Topics topics, Duration patience) {
        // Each read ends at a known record. The consumer has asked beyond it by then, and the next read of another
        // partition would
        // wait for that answer: half a second by default.
        Map<String, Object> properties = new HashMap<>(clientProps);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        this.consumer = Clients.consumer(properties, "weights");
        this.topics = topics;
        this.patience = patience;
    }

    /** The version's weights, read from where its record says they start. */
    @Override
    public Fetched fetch(ModelVersion version) {
        if (version.bytes() > Integer.MAX_VALUE - 16 || version.chunks() > version.bytes() + 1) {
            return new Fetched.Refused(
                    "incomplete", version.chunks() + " chunks of " + version.bytes() + " bytes cannot be");
        }
        TopicPartition partition =
                new TopicPartition(topics.modelWeights(), version.location().partition());
        if (!Clients.partitions(consumer, topics.modelWeights()).contains(partition)) {
            return new Fetched.Refused("incomplete", "there is no " + partition);
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, version.location().offset());
        WeightChunks chunks = new WeightChunks(version);
        long deadline = System.nanoTime() + patience.toNanos();
        while (!chunks.complete()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (chunks.complete()) {
                    break;
                }
                if (chunks.received() == 0
                        && record.offset() != version.location().offset()) {
                    return new Fetched.Refused("incomplete", "chunk 0 is not at " + version.location());
                }
                Optional<String> fault = chunks.add(record.value() == null ? new byte[0] : record.value());
                if (fault.isPresent()) {
                    return new Fetched.Refused("incomplete", fault.get());
                }
                deadline = System.nanoTime() + patience.toNanos();
            }
            if (!chunks.complete() && System.nanoTime() > deadline) {
                // Throws when no broker answers, so that silence is told apart from an end.
                long end = consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
                if (consumer.position(partition, PATIENCE) >= end) {
                    return new Fetched.Refused(
                            "incomplete", chunks.received() + " of " + version.chunks() + " chunks are there");
                }
                throw new TimeoutException("weights of " + version.id() + " were not read within " + PATIENCE);
            }
        }
        try {
            return chunks.finish();
        } catch (IllegalArgumentException e) {
            return new Fetched.Refused("unreadable", "the weights are no delta: " + e.getMessage());
        }
    }

    /** The version's record, if its topic has one. */
    @Override
    public Optional<ModelVersion> find(VersionId id) {
        List<TopicPartition> all = Clients.partitions(consumer, topics.modelVersions());
        TopicPartition mine = new TopicPartition(topics.modelVersions(), Partitions.ofDomain(id.domain(), all.size()));
        List<ModelVersion> found = new ArrayList<>();
        scan(List.of(mine), record -> {
            // One of thousands: the others are not kept.
            if (record instanceof VersionRecord.Version version
                    && version.version().id().equals(id)) {
                found.add(version.version());
            }
        });
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(found.size() - 1));
    }

    /** All that the versions topic says now. */
    public Catalogue catalogue() {
        Catalogue found = new Catalogue();
        scan(Clients.partitions(consumer, topics.modelVersions()), found::add);
        return found;
    }

    private void scan(List<TopicPartition> partitions, java.util.function.Consumer<VersionRecord> each) {
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), PATIENCE) >= end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.value() != null) {
                    read(record).ifPresent(each);
                }
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(topics.modelVersions() + " was not read within " + PATIENCE);
            }
        }
    }

    private Optional<VersionRecord> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(codec.decode(record.value()));
        } catch (UnreadableRecordException e) {
            return Optional.empty();
        }
    }

    /** Versions and active pointers. One thread. */
    public static final class Catalogue {
        private final SortedMap<VersionId, ModelVersion> versions = new TreeMap<>(ActiveVersions.ORDER);
        private final SortedMap<io.acclimate.core.DomainId, io.acclimate.core.Activation> active = new TreeMap<>();

        void add(VersionRecord record) {
            if (record instanceof VersionRecord.Version version) {
                versions.put(version.version().id(), version.version());
            } else if (record instanceof VersionRecord.Active pointer) {
                active.merge(
                        pointer.activation().version().domain(),
                        pointer.activation(),
                        (old, now) -> now.epoch() > old.epoch() ? now : old);
            }
        }

        public SortedMap<VersionId, ModelVersion> versions() {
            return versions;
        }

        public SortedMap<io.acclimate.core.DomainId, io.acclimate.core.Activation> active() {
            return active;
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
