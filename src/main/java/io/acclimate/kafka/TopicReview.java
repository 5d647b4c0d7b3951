package io.acclimate.kafka;

import io.acclimate.kafka.TopicPlan.Topic;
import io.acclimate.wire.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator should know about the contract's topics of a cluster. Nothing is created or changed.
 *
 * @param present the names of the topics that exist and that this user may see
 * @param missing the names of those that do not exist; the roles create them
 * @param wrong settings that would lose or reorder records; the roles refuse to start with them
 * @param low limits that refuse large images, with the way to raise them
 * @param fragile topics that one broker's failure makes unwritable or loses
 * @param denied what the user of these client properties may not do with topics, groups and transactional ids
 * @param newest the time of the newest record of {@code images} and {@code labels}, in milliseconds, where there is one
 */
public record TopicReview(
        List<String> present,
        List<String> missing,
        List<String> wrong,
        List<String> low,
        List<String> fragile,
        List<String> denied,
        Map<String, Long> newest) {
    private static final Logger LOG = LoggerFactory.getLogger(TopicReview.class);

    public TopicReview {
        present = List.copyOf(present);
        missing = List.copyOf(missing);
        wrong = List.copyOf(wrong);
        low = List.copyOf(low);
        fragile = List.copyOf(fragile);
        denied = List.copyOf(denied);
        newest = Map.copyOf(newest);
    }

    /**
     * Looks at the topics.
     *
     * @param groups the consumer groups that the roles join, which begin the ids of their transactions
     * @throws org.apache.kafka.common.KafkaException when the brokers do not answer, or refuse the request
     */
    public static TopicReview of(Map<String, Object> client, Topics names, Collection<String> groups) {
        List<Topic> topics = TopicPlan.DEFAULT.topics(names);
        try (Admin admin = ClientProperties.of(client).openAdmin()) {
            Map<String, Integer> partitions = TopicCreator.existing(admin, topics);
            List<Topic> there = topics.stream()
                    .filter(topic -> partitions.containsKey(topic.name()))
                    .toList();
            Map<String, TopicDescription> described = described(admin, partitions.keySet());
            return new TopicReview(
                    there.stream().map(Topic::name).toList(),
                    topics.stream()
                            .map(Topic::name)
                            .filter(name -> !partitions.containsKey(name))
                            .toList(),
                    TopicPlan.mismatches(there, partitions, TopicCreator.policies(admin, there)),
                    RaisedLimits.check(admin, TopicPlan.limits(there, topic -> true)),
                    fragile(admin, described),
                    denied(admin, described, names, groups),
                    newest(admin, described, names));
        }
    }

    private static Map<String, TopicDescription> described(Admin admin, Set<String> names) {
        DescribeTopicsOptions options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        return AdminCall.await(
                () -> admin.describeTopics(names, options).allTopicNames().get());
    }

    private static List<String> denied(
            Admin admin, Map<String, TopicDescription> described, Topics names, Collection<String> groups) {
        List<String> denied = new ArrayList<>();
        described.forEach((name, topic) -> {
            Stream.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DELETE)
                    // The worker deletes old mini-batches, and nobody deletes anything else.
                    .filter(operation -> operation != AclOperation.DELETE || name.equals(names.miniBatches()))
                    .filter(operation -> !Rights.allows(topic, operation))
                    .forEach(operation -> denied.add(operation + " on topic " + name));
        });
        denied.sort(Comparator.naturalOrder());
        denied.addAll(GroupRights.lacking(admin, groups));
        return denied;
    }

    private static List<String> fragile(Admin admin, Map<String, TopicDescription> described) {
        int brokers =
                AdminCall.await(() -> admin.describeCluster().nodes().get()).size();
        Map<String, Integer> least = leastInSync(admin, described.keySet());
        List<String> fragile = new ArrayList<>();
        described.forEach((name, topic) -> {
            int replicas = topic.partitions().get(0).replicas().size();
            int needed = least.getOrDefault(name, 1);
            if (replicas < needed) {
                fragile.add(name + " has " + replicas + " replicas and min.insync.replicas=" + needed
                        + ", so that nothing can be written");
            } else if (brokers > 1 && replicas == needed) {
                fragile.add(name + " has " + replicas + " replicas and min.insync.replicas=" + needed
                        + ", so that nothing can be written while one of its brokers is away");
            }
        });
        return fragile.stream().sorted().toList();
    }

    private static Map<String, Integer> leastInSync(Admin admin, Set<String> names) {
        List<ConfigResource> resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, Integer> least = new HashMap<>();
        AdminCall.await(() -> admin.describeConfigs(resources).all().get()).forEach((resource, config) -> {
            ConfigEntry entry = config.get("min.insync.replicas");
            // What a broker does not know it leaves out.
            if (entry != null && entry.value() != null) {
                least.put(resource.name(), Integer.parseInt(entry.value()));
            }
        });
        return least;
    }

    private static Map<String, Long> newest(Admin admin, Map<String, TopicDescription> described, Topics names) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (String name : List.of(names.images(), names.labels())) {
            TopicDescription topic = described.get(name);
            if (topic != null) {
                topic.partitions()
                        .forEach(each ->
                                wanted.put(new TopicPartition(name, each.partition()), OffsetSpec.maxTimestamp()));
            }
        }
        Map<String, Long> newest = new HashMap<>();
        Map<TopicPartition, ListOffsetsResultInfo> answer;
        try {
            answer = AdminCall.await(() -> admin.listOffsets(wanted).all().get());
        } catch (KafkaException e) {
            // Older brokers do not know this question, and a partition may be without a leader: all else is still worth
            // knowing.
            LOG.warn("the newest times of images and labels cannot be asked for: {}", e.getMessage());
            return newest;
        }
        answer.forEach((partition, info) -> {
            if (info.timestamp() >= 0) {
                newest.merge(partition.topic(), info.timestamp(), Math::max);
            }
        });
        return newest;
    }
}
