package io.acclimate.kafka;

import io.acclimate.core.Payload;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * How missing topics are created, and what existing ones must be like.
 *
 * @param imagePartitions partitions of images, labels and predictions: the largest number of instances that can serve
 * @param domainPartitions partitions of the topics that are partitioned by domain: the largest number of workers that can adapt
 * @param replication the replication factor; empty for the broker's default
 */
public record TopicPlan(int imagePartitions, int domainPartitions, Optional<Short> replication) {
    public static final TopicPlan DEFAULT = new TopicPlan(4, 4, Optional.empty());

    /** The size of a record of {@code images} or {@code labels}: an image of the largest size, its key and its headers. */
    public static final int IMAGE_RECORD_BYTES = Payload.MAX_BYTES + (1 << 20);

    /** The size of a record that holds such a label and what the service adds to it, as a sample or a mini-batch of one. */
    public static final int SAMPLE_RECORD_BYTES = IMAGE_RECORD_BYTES + (1 << 20);

    /** The size of a dead letter, which drops a value that is too large for the broker's default limit of 1 MiB. */
    private static final int LETTER_RECORD_BYTES = 2 << 20;

    private static final String MAX_MESSAGE_BYTES = "max.message.bytes";

    static final String SEGMENT_BYTES = "segment.bytes";

    private static final String KEEP = "-1";

    private static final int COMPACTED_SEGMENT_BYTES = 16 << 20;

    /** The segment that is written to takes disk when all of its records are deleted, so that it is not a gigabyte. */
    private static final int MINI_BATCH_SEGMENT_BYTES = 64 << 20;

    public TopicPlan {
        if (imagePartitions < 1 || domainPartitions < 1) {
            throw new IllegalArgumentException(
                    "topics have at least 1 partition, got " + imagePartitions + " and " + domainPartitions);
        }
    }

    /** Topics of one group must have the same number of partitions, except for those of {@code ANY}. */
    enum Group {
        IMAGES,
        LABELS,
        DOMAINS,
        ANY
    }

    /** What becomes of old records of a topic. */
    enum Cleanup {
        DELETE,
        COMPACT,
        /** Earlier versions of the service created it with the other policy. It works with both, and grows with the other. */
        COMPACT_IF_ALLOWED
    }

    record Topic(String name, Group group, int partitions, Cleanup cleanup, Map<String, String> settings) {
        boolean compacted() {
            return cleanup != Cleanup.DELETE;
        }

        /** Whether the service alone uses it. Producers and consumers of others use images, labels and predictions, and may own them. */
        boolean internal() {
            return group == Group.DOMAINS || group == Group.ANY;
        }
    }

    List<Topic> topics(Topics names) {
        // A broker does not compact the segment that it writes to: small ones, and none open for long, keep starts
        // short. So does an hour for tombstones: with Kafka's day, a start reads those of all versions that the day
        // removed.
        Map<String, String> compacted = Map.of(
                "cleanup.policy",
                "compact",
                SEGMENT_BYTES,
                Integer.toString(COMPACTED_SEGMENT_BYTES),
                "max.compaction.lag.ms",
                Long.toString(Duration.ofMinutes(10).toMillis()),
                "delete.retention.ms",
                Long.toString(Duration.ofHours(1).toMillis()));
        // The worker deletes mini-batches when nothing refers to them any more; nobody else may.
        Map<String, String> kept = Map.of("cleanup.policy", "delete", "retention.ms", KEEP);
        Map<String, String> miniBatches = new HashMap<>(kept(SAMPLE_RECORD_BYTES));
        miniBatches.put(SEGMENT_BYTES, Integer.toString(MINI_BATCH_SEGMENT_BYTES));
        // One sample of a start may be as large as a mini-batch.
        Map<String, String> starts = new HashMap<>(compacted);
        starts.put(MAX_MESSAGE_BYTES, Integer.toString(SAMPLE_RECORD_BYTES));
        Map<String, String> large = Map.of(MAX_MESSAGE_BYTES, Integer.toString(IMAGE_RECORD_BYTES));
        return List.of(
                new Topic(names.images(), Group.IMAGES, imagePartitions, Cleanup.DELETE, large),
                new Topic(names.labels(), Group.LABELS, imagePartitions, Cleanup.DELETE, large),
                new Topic(names.predictions(), Group.IMAGES, imagePartitions, Cleanup.DELETE, Map.of()),
                new Topic(
                        names.miniBatches(), Group.DOMAINS, domainPartitions, Cleanup.DELETE, Map.copyOf(miniBatches)),
                new Topic(names.modelVersions(), Group.DOMAINS, domainPartitions, Cleanup.COMPACT, compacted),
                new Topic(names.modelWeights(), Group.DOMAINS, domainPartitions, Cleanup.COMPACT_IF_ALLOWED, compacted),
                new Topic(names.adaptationEvents(), Group.DOMAINS, domainPartitions, Cleanup.DELETE, kept),
                new Topic(names.adaptationState(), Group.DOMAINS, domainPartitions, Cleanup.COMPACT, compacted),
                new Topic(
                        names.adaptationStarts(), Group.DOMAINS, domainPartitions, Cleanup.COMPACT, Map.copyOf(starts)),
                new Topic(names.modelControl(), Group.DOMAINS, domainPartitions, Cleanup.DELETE, kept),
                new Topic(names.deadLetters(), Group.ANY, 1, Cleanup.DELETE, kept(LETTER_RECORD_BYTES)));
    }

    private static Map<String, String> kept(int recordBytes) {
        return Map.of(
                "cleanup.policy", "delete", "retention.ms", KEEP, MAX_MESSAGE_BYTES, Integer.toString(recordBytes));
    }

    /** The lowest limit on the size of records that each of the topics may have, for those for which it matters. */
    static Map<String, Map<String, Long>> limits(List<Topic> topics, Predicate<Topic> which) {
        Map<String, Map<String, Long>> limits = new HashMap<>();
        for (Topic topic : topics) {
            String limit = topic.settings().get(MAX_MESSAGE_BYTES);
            if (limit != null && which.test(topic)) {
                limits.put(topic.name(), Map.of(MAX_MESSAGE_BYTES, Long.parseLong(limit)));
            }
        }
        return limits;
    }

    /**
     * The topics to create: those that do not exist, each with as many partitions as an existing one of its group.
     *
     * @param partitions of the topics that exist
     */
    static List<Topic> missing(List<Topic> topics, Map<String, Integer> partitions) {
        return topics.stream()
                .filter(topic -> !partitions.containsKey(topic.name()))
                .map(topic -> new Topic(
                        topic.name(),
                        topic.group(),
                        count(topic, topics, partitions),
                        topic.cleanup(),
                        topic.settings()))
                .toList();
    }

    private static int count(Topic topic, List<Topic> topics, Map<String, Integer> partitions) {
        return topics.stream()
                .filter(other -> other.group() == topic.group() && topic.group() != Group.ANY)
                .flatMap(other -> Optional.ofNullable(partitions.get(other.name())).stream())
                .findFirst()
                .orElse(topic.partitions());
    }

    /**
     * What is wrong with existing topics, in words: settings that would lose or reorder records.
     *
     * @param partitions of each topic
     * @param policies {@code cleanup.policy} of each topic
     * @throws KafkaException when a topic is missing that was created a moment ago
     */
    static List<String> mismatches(List<Topic> topics, Map<String, Integer> partitions, Map<String, String> policies) {
        List<String> wrong = new ArrayList<>();
        Map<Group, Topic> first = new EnumMap<>(Group.class);
        for (Topic topic : topics) {
            int count = partitions.getOrDefault(topic.name(), 0);
            if (count == 0) {
                throw new KafkaException(
                        "topic " + topic.name() + " is not there", new UnknownTopicOrPartitionException(topic.name()));
            }
            Topic leader = first.putIfAbsent(topic.group(), topic);
            if (leader != null && topic.group() != Group.ANY && count != partitions.getOrDefault(leader.name(), 0)) {
                wrong.add(topic.name() + " has " + count + " partitions and must have as many as " + leader.name()
                        + ", " + partitions.get(leader.name()));
            }
            String policy = policies.getOrDefault(topic.name(), "");
            if (topic.cleanup() != Cleanup.COMPACT_IF_ALLOWED && topic.compacted() != policy.contains("compact")) {
                wrong.add(topic.name() + " has cleanup.policy=" + policy + " and must have "
                        + (topic.compacted() ? "compact" : "delete"));
            }
        }
        return wrong;
    }
}
