package io.acclimate.registry;

import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.kafka.TopicPartitions;
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
 * Reads committed versions and their weights on demand. One thread at a time. A client exception (no broker, no topic) passes
 * through, and the call may be repeated. Damaged weights are a value.
 */
public final class WeightReader implements PublishedVersions, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Topics topics;
    private final Duration patience;
    private final VersionCodec codec = new VersionCodec();

    /**
     * Reads by a consumer that it closes.
     *
     * @param patience how long a chunk may be late: a transaction's markers reach its partitions one after another
     */
    WeightReader(Consumer<byte[], byte[]> consumer, Topics topics, Duration patience) {
        this.consumer = consumer;
        this.topics = topics;
        this.patience = patience;
    }

    /** Opens a consumer for the reader; the broker is first asked when something is read. */
    public static WeightReader open(Map<String, Object> clientProps, Topics topics) {
        return open(clientProps, topics, PATIENCE);
    }

    static WeightReader open(Map<String, Object> clientProps, Topics topics, Duration patience) {
        // Each read ends at a known record. The consumer has asked for more by then, and the next read of another
        // partition
        // would wait for that answer, which takes half a second by default.
        Map<String, Object> properties = new HashMap<>(clientProps);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        return new WeightReader(Clients.consumer(properties, "weights"), topics, patience);
    }

    /** Reads the version's weights from the place that its record names. */
    @Override
    public Fetched fetch(ModelVersion version) {
        return fetch(version, patience);
    }

    /**
     * As {@link #fetch(ModelVersion)}, for a caller that cannot wait as long.
     *
     * @param patience how long a chunk may be late: a transaction's markers reach its partitions one after another
     */
    public Fetched fetch(ModelVersion version, Duration patience) {
        if (version.bytes() > Integer.MAX_VALUE - 16 || version.chunks() > version.bytes() + 1) {
            return new Fetched.Refused(
                    "incomplete", version.chunks() + " chunks of " + version.bytes() + " bytes cannot be");
        }
        TopicPartition partition =
                new TopicPartition(topics.modelWeights(), version.location().partition());
        if (!TopicPartitions.of(consumer, topics.modelWeights()).contains(partition)) {
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
                // This throws if no broker answers, which distinguishes a silent broker from a topic that has ended.
                long end = consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
                if (consumer.position(partition, PATIENCE) >= end) {
                    return new Fetched.Refused(
                            "incomplete", chunks.received() + " of " + version.chunks() + " chunks are there");
                }
                throw new TimeoutException("weights of " + version.id() + " were not read within " + patience);
            }
        }
        try {
            return chunks.finish();
        } catch (IllegalArgumentException e) {
            return new Fetched.Refused("unreadable", "the weights are no delta: " + e.getMessage());
        }
    }

    /** Reads the version's record from its topic. The answer is empty if there is none. */
    @Override
    public Optional<ModelVersion> find(VersionId id) {
        List<TopicPartition> all = TopicPartitions.of(consumer, topics.modelVersions());
        TopicPartition mine = new TopicPartition(topics.modelVersions(), Partitions.ofDomain(id.domain(), all.size()));
        List<ModelVersion> found = new ArrayList<>();
        scan(List.of(mine), record -> {
            // The topic may have thousands of versions, so the others are not kept.
            if (record instanceof VersionRecord.Version version
                    && version.version().id().equals(id)) {
                found.add(version.version());
            }
        });
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(found.size() - 1));
    }

    /** Reads everything that the versions topic has now. */
    public Catalogue catalogue() {
        Catalogue found = new Catalogue();
        scan(TopicPartitions.of(consumer, topics.modelVersions()), found::add);
        return found;
    }

    private void scan(List<TopicPartition> partitions, java.util.function.Consumer<VersionRecord> each) {
        PartitionReader reader = new PartitionReader(consumer, PATIENCE);
        reader.read(reader.everything(partitions), (records, positions) -> records.stream()
                .filter(record -> record.value() != null)
                .forEach(record -> read(record).ifPresent(each)));
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
