package io.acclimate.registry;

import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
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
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
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
        return new WeightReader(Clients.ofSinglePieces(clientProps, "weights"), topics, patience);
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
        return Optional.ofNullable(
                list(partition(id.domain()).partition(), Set.of(id)).versions().get(id));
    }

    @Override
    public String absence(VersionId id) {
        return list(partition(id.domain()).partition(), Set.of()).absence(id);
    }

    @Override
    public List<ListedVersion> listed(DomainId domain) {
        return list(partition(domain).partition(), Set.of()).listed(domain);
    }

    /** Reads everything that the versions topic has now. */
    public Catalogue catalogue() {
        Catalogue found = new Catalogue(id -> true);
        scan(TopicPartitions.of(consumer, topics.modelVersions()), found);
        return found;
    }

    /**
     * Lists what the versions topic has now in one of its partitions, which may be thousands of versions.
     *
     * @param whole versions of which the whole record is wanted
     */
    public Catalogue list(int partition, Set<VersionId> whole) {
        Catalogue found = new Catalogue(whole::contains);
        scan(List.of(new TopicPartition(topics.modelVersions(), partition)), found);
        return found;
    }

    private TopicPartition partition(DomainId domain) {
        int all = TopicPartitions.of(consumer, topics.modelVersions()).size();
        return new TopicPartition(topics.modelVersions(), Partitions.ofDomain(domain, all));
    }

    private void scan(List<TopicPartition> partitions, Catalogue into) {
        PartitionReader reader = new PartitionReader(consumer, PATIENCE);
        reader.read(
                reader.everything(partitions),
                (records, positions) -> records.forEach(record -> {
                    if (record.value() == null) {
                        VersionCodec.versionOf(record.key())
                                .ifPresent(id -> into.remove(id, Instant.ofEpochMilli(record.timestamp())));
                    } else {
                        read(record).ifPresent(into::add);
                    }
                }));
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
        private final Predicate<VersionId> whole;
        private final SortedMap<VersionId, ListedVersion> listed = new TreeMap<>(ActiveVersions.ORDER);
        private final SortedMap<VersionId, ModelVersion> versions = new TreeMap<>(ActiveVersions.ORDER);
        private final SortedMap<DomainId, Activation> active = new TreeMap<>();

        private final Map<VersionId, Instant> removed = new HashMap<>();
        private final Map<DomainId, Long> newest = new HashMap<>();

        /** @param whole says of which versions the whole record is kept */
        private Catalogue(Predicate<VersionId> whole) {
            this.whole = whole;
        }

        private void remove(VersionId id, Instant at) {
            versions.remove(id);
            listed.remove(id);
            removed.put(id, at);
            newest.merge(id.domain(), id.number(), Math::max);
        }

        private void add(VersionRecord record) {
            if (record instanceof VersionRecord.Version found) {
                ModelVersion version = found.version();
                VersionId id = version.id();
                newest.merge(id.domain(), id.number(), Math::max);
                listed.put(id, ListedVersion.of(version));
                if (whole.test(id)) {
                    versions.put(id, version);
                }
            } else if (record instanceof VersionRecord.Active pointer) {
                VersionId serving = pointer.activation().version();
                newest.merge(serving.domain(), serving.number(), Math::max);
                active.merge(
                        pointer.activation().version().domain(),
                        pointer.activation(),
                        (old, now) -> now.epoch() > old.epoch() ? now : old);
            }
        }

        /** Says for people why a version is not among {@link #versions}. */
        public String absence(VersionId id) {
            SortedSet<Long> kept = listed.keySet().stream()
                    .filter(each -> each.domain().equals(id.domain()))
                    .map(VersionId::number)
                    .collect(Collectors.toCollection(TreeSet::new));
            return Absence.of(id, newest.getOrDefault(id.domain(), 0L), kept, Optional.ofNullable(removed.get(id)));
        }

        /** All versions of a domain, in the order of their numbers. */
        public List<ListedVersion> listed(DomainId domain) {
            return listed.entrySet().stream()
                    .filter(each -> each.getKey().domain().equals(domain))
                    .map(Map.Entry::getValue)
                    .toList();
        }

        /** The whole records. */
        public SortedMap<VersionId, ModelVersion> versions() {
            return versions;
        }

        public SortedMap<DomainId, Activation> active() {
            return active;
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
