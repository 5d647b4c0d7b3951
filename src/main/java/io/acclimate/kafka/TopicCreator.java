package io.acclimate.kafka;

import io.acclimate.kafka.TopicPlan.Topic;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the contract's topics that are missing and checks those that exist. Several roles may do so at the same time. */
public final class TopicCreator {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCreator.class);
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private TopicCreator() {}

    /**
     * Creates and checks every topic of the contract, and waits until its partitions can be written to. Limits that an earlier version
     * gave to topics of the service are raised.
     *
     * @throws IllegalStateException when settings of existing topics would lose or reorder records; names each of these topics
     */
    public static void ensure(Admin admin, Topics names, TopicPlan plan) {
        List<Topic> topics = plan.topics(names);
        List<NewTopic> missing = TopicPlan.missing(topics, existing(admin, topics)).stream()
                .map(topic -> new NewTopic(topic.name(), Optional.of(topic.partitions()), plan.replication())
                        .configs(topic.settings()))
                .toList();
        create(admin, missing);
        check(admin, topics);
        limits(admin, topics);
        CompactedTopics.migrate(admin, topics);
    }

    static Map<String, Integer> existing(Admin admin, List<Topic> topics) {
        var names = AdminCall.await(() -> admin.listTopics().names().get());
        List<String> present =
                topics.stream().map(Topic::name).filter(names::contains).toList();
        Map<String, Integer> partitions = new HashMap<>();
        AdminCall.await(() -> admin.describeTopics(present).allTopicNames().get())
                .forEach((name, description) ->
                        partitions.put(name, description.partitions().size()));
        return partitions;
    }

    static void create(Admin admin, List<NewTopic> missing) {
        Map<String, KafkaException> denied = new TreeMap<>();
        admin.createTopics(missing).values().forEach((name, created) -> {
            try {
                AdminCall.await(created::get);
            } catch (KafkaException e) {
                if (e.getCause() instanceof AuthorizationException) {
                    denied.put(name, e);
                } else if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new KafkaException("cannot create topic " + name + ": " + e.getMessage(), e);
                }
            }
        });
        if (!denied.isEmpty()) {
            throw new KafkaException(
                    "these topics do not exist or this user may not see them, and it may not create them: "
                            + String.join(", ", denied.keySet())
                            + ". If they exist, grant it what ops/security.md lists. If not, grant CREATE on the cluster, or let a user"
                            + " who has it start a role once",
                    denied.values().iterator().next());
        }
    }

    private static void check(Admin admin, List<Topic> topics) {
        long deadline = System.nanoTime() + VISIBLE_WITHIN.toNanos();
        while (true) {
            try {
                List<String> wrong = TopicPlan.mismatches(topics, existing(admin, topics), policies(admin, topics));
                if (wrong.isEmpty()) {
                    awaitLeaders(admin, topics);
                    return;
                }
                throw new IllegalStateException(
                        "topics exist with settings that cannot work: " + String.join("; ", wrong));
            } catch (KafkaException e) {
                // A topic that was created a moment ago is not known to every broker yet.
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /**
     * Waits until every partition has a leader that is ready. Metadata names a leader some milliseconds before it accepts records. A
     * producer whose first batch is refused and whose second is accepted retries the first for ever, out of sequence. A leader that
     * answers a request for offsets is ready.
     */
    private static void awaitLeaders(Admin admin, List<Topic> topics) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        existing(admin, topics).forEach((topic, partitions) -> {
            for (int partition = 0; partition < partitions; partition++) {
                ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
        });
        AdminCall.await(() -> admin.listOffsets(ends).all().get());
    }

    static Map<String, String> policies(Admin admin, List<Topic> topics) {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
                .toList();
        Map<String, String> policies = new HashMap<>();
        AdminCall.await(() -> admin.describeConfigs(resources).all().get())
                .forEach((resource, config) -> policies.put(
                        resource.name(), config.get("cleanup.policy").value()));
        return policies;
    }

    /**
     * Topics that an earlier version created take smaller records. Those of the service are changed. The owner of {@code images} and
     * {@code labels} may have reasons for a lower limit, so these stay and the log says what they refuse.
     */
    private static void limits(Admin admin, List<Topic> topics) {
        RaisedLimits.raise(admin, TopicPlan.limits(topics, Topic::internal))
                .forEach(low -> LOG.warn("Large images cannot become mini-batches: {}", low));
        RaisedLimits.check(admin, TopicPlan.limits(topics, topic -> !topic.internal()))
                .forEach(low -> LOG.warn("Producers cannot send large images: {}", low));
    }
}
