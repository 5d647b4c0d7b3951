package io.acclimate.kafka;

import io.acclimate.kafka.TopicPlan.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives topics of earlier versions of the service what frees the disk of removed records: small segments, and for compacted ones the policy and
 * a time within which a removed record goes. A broker never compacts the segment that it writes to, which has a gigabyte or a week by default, and
 * every start reads what is not compacted yet. What an operator has set on a topic is left alone, except for a policy that keeps
 * weights of removed versions. Stateless; any thread.
 */
final class CompactedTopics {
    private static final Logger LOG = LoggerFactory.getLogger(CompactedTopics.class);
    private static final String POLICY = "cleanup.policy";

    private CompactedTopics() {}

    /** Changes what has to be changed, and says in the log what could not be. */
    static void migrate(Admin admin, Collection<Topic> topics) {
        Map<String, Topic> compacted = topics.stream()
                .filter(topic -> topic.settings().containsKey(TopicPlan.SEGMENT_BYTES))
                .collect(Collectors.toMap(Topic::name, each -> each));
        List<ConfigResource> resources = compacted.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<ConfigResource, Config> configs =
                AdminCall.await(() -> admin.describeConfigs(resources).all().get());
        configs.forEach((resource, config) -> {
            Topic topic = compacted.get(resource.name());
            if (topic != null) {
                change(admin, resource, differing(topic, config));
            }
        });
    }

    /** The settings of the plan that the topic does not have and that nobody has set otherwise. */
    static Map<String, String> differing(Topic topic, Config config) {
        Map<String, String> differing = new HashMap<>();
        topic.settings().forEach((name, wanted) -> {
            ConfigEntry entry = config.get(name);
            if (entry == null || wanted.equals(entry.value())) {
                return;
            }
            if (!topic.compacted() && !name.equals(TopicPlan.SEGMENT_BYTES)) {
                return;
            }
            boolean chosen = entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG;
            if (name.equals(POLICY) ? topic.cleanup() == TopicPlan.Cleanup.COMPACT_IF_ALLOWED : !chosen) {
                differing.put(name, wanted);
            }
        });
        return differing;
    }

    private static void change(Admin admin, ConfigResource topic, Map<String, String> settings) {
        if (settings.isEmpty()) {
            return;
        }
        List<AlterConfigOp> changes = new ArrayList<>();
        settings.forEach((name, value) ->
                changes.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
        try {
            AdminCall.await(() ->
                    admin.incrementalAlterConfigs(Map.of(topic, changes)).all().get());
            LOG.info("topic {} of an earlier version now has {}", topic.name(), settings);
        } catch (KafkaException e) {
            LOG.warn(
                    "topic {} keeps the disk of removed records until it has {}: kafka-configs.sh --bootstrap-server HOST:PORT --alter"
                            + " --entity-type topics --entity-name {} --add-config {} ({})",
                    topic.name(),
                    settings,
                    topic.name(),
                    settings.entrySet().stream().map(Object::toString).collect(Collectors.joining(",")),
                    e.getMessage());
        }
    }
}
