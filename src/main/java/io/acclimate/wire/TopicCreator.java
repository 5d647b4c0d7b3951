package io.acclimate.wire;

import io.acclimate.wire.TopicPlan.Group;
import io.acclimate.wire.TopicPlan.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the contract's topics when they are missing, and checks those that exist: two roles may do so at once. */
public final class TopicCreator {
    private TopicCreator() {}

    /**
     * Makes every topic of the contract usable.
     *
     * @throws IllegalStateException naming every existing topic whose settings would lose or reorder records
     */
    public static void ensure(Admin admin, Topics names, TopicPlan plan) {
        List<Topic> topics = plan.topics(names);
        Map<String, Integer> partitions = existing(admin, topics);
        List<NewTopic> missing = topics.stream()
                .filter(topic -> !partitions.containsKey(topic.name()))
                .map(topic -> new NewTopic(
                                topic.name(), Optional.of(planned(topic, topics, partitions)), plan.replication())
                        .configs(topic.settings()))
                .toList();
        create(admin, missing);
        check(admin, topics);
    }

    /** A missing topic follows the partitions that an existing one of its group has. */
    private static int planned(Topic topic, List<Topic> topics, Map<String, Integer> existing) {
        return topics.stream()
                .filter(other -> other.group() == topic.group() && topic.group() != Group.ANY)
                .map(other -> existing.get(other.name()))
                .filter(count -> count != null)
                .findFirst()
                .orElse(topic.partitions());
    }

    private static Map<String, Integer> existing(Admin admin, List<Topic> topics) {
        var names = await(() -> admin.listTopics().names().get());
        List<String> present =
                topics.stream().map(Topic::name).filter(names::contains).toList();
        Map<String, Integer> partitions = new HashMap<>();
        await(() -> admin.describeTopics(present).allTopicNames().get())
                .forEach((name, description) ->
                        partitions.put(name, description.partitions().size()));
        return partitions;
    }

    private static void create(Admin admin, List<NewTopic> missing) {
        admin.createTopics(missing).values().forEach((name, created) -> {
            try {
                await(created::get);
            } catch (KafkaException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new KafkaException("cannot create topic " + name + ": " + e.getMessage(), e);
                }
            }
        });
    }

    private static void check(Admin admin, List<Topic> topics) {
        Map<String, Integer> partitions = existing(admin, topics);
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
                .toList();
        Map<ConfigResource, Config> configs =
                await(() -> admin.describeConfigs(resources).all().get());
        List<String> wrong = new ArrayList<>();
        Map<Group, Topic> first = new HashMap<>();
        for (Topic topic : topics) {
            Integer count = partitions.get(topic.name());
            if (count == null) {
                // Created a moment ago and not yet known to the broker that was asked: as planned.
                continue;
            }
            Topic leader = first.putIfAbsent(topic.group(), topic);
            if (leader != null && topic.group() != Group.ANY && !count.equals(partitions.get(leader.name()))) {
                wrong.add(topic.name() + " has " + count + " partitions and must have as many as " + leader.name()
                        + ", " + partitions.get(leader.name()));
            }
            Config config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()));
            String policy = config == null ? "" : config.get("cleanup.policy").value();
            if (topic.compacted() != policy.contains("compact")
                    && topic.settings().containsKey("cleanup.policy")) {
                wrong.add(topic.name() + " has cleanup.policy=" + policy + " and must have "
                        + topic.settings().get("cleanup.policy"));
            }
        }
        if (!wrong.isEmpty()) {
            throw new IllegalStateException("topics exist with settings that cannot work: " + String.join("; ", wrong));
        }
    }

    @FunctionalInterface
    private interface Call<T> {
        T run() throws InterruptedException, ExecutionException;
    }

    private static <T> T await(Call<T> call) {
        try {
            return call.run();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException(
                    e.getCause() == null ? e.toString() : e.getCause().getMessage(), e.getCause());
        }
    }
}
