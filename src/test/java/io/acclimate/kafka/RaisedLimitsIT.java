package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.broker.TestBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RaisedLimitsIT {
    private static final String LIMIT = "max.message.bytes";
    private static final Map<String, Long> WANTED =
            Map.of(LIMIT, 3_000_000L, "message.timestamp.after.max.ms", Long.MAX_VALUE);

    private final Admin admin = Admin.create(TestBroker.clientProperties());
    private final String prefix = TestBroker.uniqueTopics().prefix();

    @AfterEach
    void close() {
        admin.close();
    }

    private String topic(String name, Map<String, String> settings) throws Exception {
        String topic = prefix + name;
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty()).configs(settings)))
                .all()
                .get();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> admin.listTopics().names().get().contains(topic));
        return topic;
    }

    private String setting(String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = Objects.requireNonNull(
                admin.describeConfigs(List.of(resource)).all().get().get(resource));
        return config.get(name).value();
    }

    @Test
    void raisesWhatIsTooLowAndNothingElse() throws Exception {
        String low = topic("low", Map.of(LIMIT, "1000000", "message.timestamp.after.max.ms", "3600000"));
        String high = topic("high", Map.of(LIMIT, "4000000", "message.timestamp.after.max.ms", "3600000"));

        List<String> remain = RaisedLimits.raise(admin, Map.of(low, WANTED, high, WANTED));

        assertThat(remain).isEmpty();
        await().untilAsserted(() -> {
            assertThat(setting(low, LIMIT)).isEqualTo("3000000");
            assertThat(setting(high, LIMIT)).isEqualTo("4000000");
            assertThat(setting(high, "message.timestamp.after.max.ms")).isEqualTo(Long.toString(Long.MAX_VALUE));
        });
    }

    @Test
    void saysWhatItMayNotRaiseAndHowTo() throws Exception {
        String low = topic("low", Map.of(LIMIT, "1000000"));
        TestBroker.denySettings(admin, low);

        assertThat(RaisedLimits.raise(admin, Map.of(low, Map.of(LIMIT, 3_000_000L))))
                .singleElement()
                .asString()
                .contains(
                        "topic " + low + " has max.message.bytes=1000000 and needs 3000000",
                        "kafka-configs.sh",
                        "--add-config max.message.bytes=3000000",
                        "TopicAuthorizationException");
    }

    @Test
    void aCheckChangesNothing() throws Exception {
        String low = topic("low", Map.of(LIMIT, "1000000"));

        assertThat(RaisedLimits.check(admin, Map.of(low, Map.of(LIMIT, 3_000_000L))))
                .hasSize(1);
        assertThat(setting(low, LIMIT)).isEqualTo("1000000");
    }
}
