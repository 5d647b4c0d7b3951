package io.acclimate.minibatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.Golden;
import io.acclimate.wire.Topics;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsPropertiesTest {
    private static Map<String, Object> of(Map<String, Object> client) {
        return StreamsProperties.of(client, new Topics("eu."), MiniBatchSettings.defaults());
    }

    @Test
    void theGuaranteesCannotBeConfiguredAway() {
        assertThat(of(Map.of(
                        "processing.guarantee", "at_least_once",
                        "application.id", "other",
                        "main.consumer.auto.offset.reset", "latest")))
                .containsEntry("processing.guarantee", StreamsConfig.EXACTLY_ONCE_V2)
                .containsEntry("application.id", "eu.acclimate-minibatch")
                .containsEntry("main.consumer.auto.offset.reset", "earliest");
    }

    @Test
    void anOperatorMayTuneTheRest() {
        assertThat(of(Map.of("producer.linger.ms", 50, "bootstrap.servers", "kafka:9092")))
                .containsEntry("producer.linger.ms", 50)
                .containsEntry("bootstrap.servers", "kafka:9092");
    }

    @Test
    void theConsumerGroupProtocolOfOtherRolesIsNotForKafkaStreams() {
        assertThat(of(Map.of("group.protocol", "consumer"))).doesNotContainKey("group.protocol");
        assertThat(of(Map.of("group.protocol", "streams"))).containsEntry("group.protocol", "streams");
    }

    @Test
    void limitsAreOfTheApplicationsOwnTopicsOnly() {
        Set<String> topics = Set.of(
                "a-by-domain-repartition",
                "a-samples-changelog",
                "a-other",
                "labels",
                "ab-by-domain-repartition",
                "a-b-by-domain-repartition",
                "b-a-samples-changelog");

        assertThat(StreamsProperties.limits(topics, "a"))
                .containsOnlyKeys("a-by-domain-repartition", "a-samples-changelog");
    }

    @Test
    void theInternalTopicsAreThoseOfTheTopologyWithAllThatItMayHave() {
        assertThat(StreamsProperties.INTERNAL_TOPICS)
                .containsAll(internalTopics("topology.txt"))
                .containsAll(internalTopics("topology-without-join.txt"))
                .containsExactlyInAnyOrderElementsOf(internalTopics("topology-with-unlabelled.txt"));
    }

    private static Set<String> internalTopics(String topology) {
        Set<String> named = new TreeSet<>();
        for (String line : Golden.text(TopologyGoldenTest.class, topology).split("\n", -1)) {
            Matcher lists = Pattern.compile("(reads|keeps|writes) \\[([^]]*)]").matcher(line);
            while (lists.find()) {
                String end = lists.group(1).equals("keeps") ? "-changelog" : "";
                for (String each : lists.group(2).split(", ", -1)) {
                    named.add(each + end);
                }
            }
        }
        named.removeIf(each -> each.equals("-changelog") || !each.matches(".*-(repartition|changelog)"));
        return named;
    }

    @Test
    void internalTopicsTakeRecordsOfAnyTime() {
        assertThat(of(Map.of()))
                .containsEntry("topic.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE))
                .containsEntry("topic.message.timestamp.before.max.ms", Long.toString(Long.MAX_VALUE));
    }
}
