package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.acclimate.Schemas;
import io.acclimate.wire.Topics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicPlanContractTest {
    /** AsyncAPI has no places for the others: they tune compaction. */
    private static final Set<String> DESCRIBED = Set.of("cleanup.policy", "retention.ms", "max.message.bytes");

    @Test
    void asyncApiNamesThePartitionsAndSettingsOfEveryTopic() {
        Map<String, JsonNode> channels = new HashMap<>();
        Schemas.of(Path.of("schemas", "asyncapi.yaml"))
                .document()
                .get("channels")
                .forEach(channel -> channels.put(channel.get("address").asText(), channel.at("/bindings/kafka")));

        assertThat(TopicPlan.DEFAULT.topics(Topics.DEFAULT))
                .hasSameSizeAs(channels.keySet())
                .allSatisfy(topic -> {
                    JsonNode binding = Objects.requireNonNull(channels.get(topic.name()), topic.name());
                    Map<String, String> settings = new HashMap<>(topic.settings());
                    settings.keySet().retainAll(DESCRIBED);
                    Map<String, String> described = new HashMap<>();
                    binding.path("topicConfiguration").properties().forEach(setting -> {
                        JsonNode value = setting.getValue();
                        described.put(
                                setting.getKey(), value.isArray() ? value.get(0).asText() : value.asText());
                    });
                    assertThat(binding.get("partitions").asInt())
                            .as(topic.name())
                            .isEqualTo(topic.partitions());
                    assertThat(described).as(topic.name()).isEqualTo(settings);
                });
    }
}
