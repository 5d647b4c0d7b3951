package io.acclimate.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Raises limits of existing topics that are lower than this version of the service needs, because an earlier version created them with
 * lower ones. A topic only ever gets a higher limit. Stateless; any thread.
 */
public final class RaisedLimits {
    private RaisedLimits() {}

    /** A setting that is too low. */
    private record Low(String topic, String name, String value, long wanted) {
        @Override
        public String toString() {
            return "topic " + topic + " has " + name + "=" + value + " and needs " + wanted
                    + ": kafka-configs.sh --bootstrap-server HOST:PORT --alter --entity-type topics --entity-name "
                    + topic
                    + " --add-config " + name + "=" + wanted;
        }
    }

    /**
     * Raises what is too low.
     *
     * @param least the lowest value that each setting of a topic may have, by the topic's name and the setting's
     * @return the settings that are too low and could not be raised, each in words with the way out; empty when all are high enough
     */
    public static List<String> raise(Admin admin, Map<String, Map<String, Long>> least) {
        List<String> remain = new ArrayList<>();
        for (Low low : low(admin, least)) {
            try {
                alter(admin, low);
            } catch (KafkaException e) {
                remain.add(low + " (" + e.getMessage() + ")");
            }
        }
        return remain;
    }

    /** The settings that are too low, in words with the way out. Nothing is changed. */
    public static List<String> check(Admin admin, Map<String, Map<String, Long>> least) {
        return low(admin, least).stream().map(Low::toString).toList();
    }

    private static List<Low> low(Admin admin, Map<String, Map<String, Long>> least) {
        List<Low> all = new ArrayList<>();
        configs(admin, least.keySet()).forEach((resource, config) -> least.getOrDefault(resource.name(), Map.of())
                .forEach((name, wanted) -> {
                    ConfigEntry entry = config.get(name);
                    // What an older broker does not know it does not limit.
                    if (entry != null && entry.value() != null && Long.parseLong(entry.value()) < wanted) {
                        all.add(new Low(resource.name(), name, entry.value(), wanted));
                    }
                }));
        return all;
    }

    private static Map<ConfigResource, Config> configs(Admin admin, Collection<String> topics) {
        List<ConfigResource> resources =
                topics.stream().map(RaisedLimits::resource).toList();
        return AdminCall.await(() -> admin.describeConfigs(resources).all().get());
    }

    private static void alter(Admin admin, Low low) {
        ConfigEntry entry = new ConfigEntry(low.name(), Long.toString(low.wanted()));
        AdminCall.await(() -> admin.incrementalAlterConfigs(
                        Map.of(resource(low.topic()), List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                .all()
                .get());
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
}
