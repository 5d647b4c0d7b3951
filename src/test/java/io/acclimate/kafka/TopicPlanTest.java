package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Payload;
import io.acclimate.kafka.TopicPlan.Topic;
import io.acclimate.wire.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class TopicPlanTest {
    private static final Topics NAMES = Topics.DEFAULT;

    private final List<Topic> topics = new TopicPlan(6, 3, Optional.empty()).topics(NAMES);

    private Map<String, Integer> partitions() {
        return topics.stream().collect(Collectors.toMap(Topic::name, Topic::partitions));
    }

    private Map<String, String> policies() {
        return topics.stream().collect(Collectors.toMap(Topic::name, each -> each.settings()
                .getOrDefault("cleanup.policy", "delete")));
    }

    private Topic topic(List<Topic> among, String name) {
        return among.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void plansEveryTopicOfTheContract() {
        assertThat(topics).extracting(Topic::name).containsExactlyInAnyOrderElementsOf(NAMES.all());
    }

    @Test
    void topicsThatAreReadTogetherHaveAsManyPartitions() {
        assertThat(List.of(NAMES.images(), NAMES.predictions()))
                .allSatisfy(each -> assertThat(topic(topics, each).partitions()).isEqualTo(6));
        assertThat(List.of(
                        NAMES.miniBatches(),
                        NAMES.modelVersions(),
                        NAMES.modelWeights(),
                        NAMES.adaptationState(),
                        NAMES.modelControl()))
                .allSatisfy(each -> assertThat(topic(topics, each).partitions()).isEqualTo(3));
    }

    @Test
    void whatIsReferredToByOffsetIsKeptForEverAndWhatIsReadByKeyCompacted() {
        assertThat(topic(topics, NAMES.miniBatches()).settings()).containsEntry("retention.ms", "-1");
        assertThat(topics)
                .filteredOn(Topic::compacted)
                .extracting(Topic::name)
                .containsExactlyInAnyOrder(
                        NAMES.modelVersions(), NAMES.modelWeights(), NAMES.adaptationState(), NAMES.adaptationStarts());
    }

    @Test
    void weightsThatAnEarlierVersionOfTheServiceKeepsForEverAreNoMismatch() {
        Map<String, String> policies = new HashMap<>(policies());
        policies.put(NAMES.modelWeights(), "delete");

        assertThat(TopicPlan.mismatches(topics, partitions(), policies)).isEmpty();
    }

    @Test
    void topicOfAnEarlierVersionGetsWhatMakesCompactionKeepUpAndKeepsWhatSomebodyChose() {
        Config config = new Config(List.of(
                entry("cleanup.policy", "delete", ConfigSource.DYNAMIC_TOPIC_CONFIG),
                entry("segment.bytes", "1073741824", ConfigSource.DEFAULT_CONFIG),
                entry("delete.retention.ms", "86400000", ConfigSource.DEFAULT_CONFIG),
                entry("max.compaction.lag.ms", "1", ConfigSource.DYNAMIC_TOPIC_CONFIG)));

        assertThat(CompactedTopics.differing(topic(topics, NAMES.modelWeights()), config))
                .isEqualTo(Map.of(
                        "cleanup.policy", "compact", "segment.bytes", "16777216", "delete.retention.ms", "3600000"));
        assertThat(CompactedTopics.differing(topic(topics, NAMES.adaptationState()), config))
                .as("a state that is not compacted is refused, and not changed")
                .isEqualTo(Map.of("segment.bytes", "16777216", "delete.retention.ms", "3600000"));
        assertThat(CompactedTopics.differing(topic(topics, NAMES.miniBatches()), config))
                .isEqualTo(Map.of("segment.bytes", "67108864"));
    }

    private static ConfigEntry entry(String name, String value, ConfigSource source) {
        return new ConfigEntry(name, value, source, false, false, List.of(), ConfigEntry.ConfigType.STRING, "");
    }

    @Test
    void anImageOfTheLargestSizeFitsEveryTopicThatItPasses() {
        Map<String, Map<String, Long>> limits = TopicPlan.limits(topics, topic -> true);

        long labels = largest(limits, NAMES.labels());
        assertThat(largest(limits, NAMES.images()))
                .isEqualTo(labels)
                .isGreaterThanOrEqualTo(Payload.MAX_BYTES + (512L << 10));
        assertThat(largest(limits, NAMES.miniBatches())).isGreaterThan(labels);
    }

    private static long largest(Map<String, Map<String, Long>> limits, String topic) {
        return limits.getOrDefault(topic, Map.of()).getOrDefault("max.message.bytes", 0L);
    }

    @Test
    void imagesLabelsAndPredictionsMayBelongToOthers() {
        assertThat(topics)
                .filteredOn(topic -> !topic.internal())
                .extracting(Topic::name)
                .containsExactlyInAnyOrder(NAMES.images(), NAMES.labels(), NAMES.predictions());
    }

    @Test
    void aMissingTopicFollowsTheExistingOneOfItsGroup() {
        List<Topic> missing = TopicPlan.missing(topics, Map.of(NAMES.images(), 12, NAMES.modelControl(), 5));

        assertThat(missing).hasSize(9);
        assertThat(topic(missing, NAMES.predictions()).partitions()).isEqualTo(12);
        assertThat(topic(missing, NAMES.miniBatches()).partitions()).isEqualTo(5);
        assertThat(topic(missing, NAMES.labels()).partitions()).isEqualTo(6);
        assertThat(topic(missing, NAMES.deadLetters()).partitions()).isOne();
    }

    @Test
    void nothingIsMissingWhenAllExist() {
        assertThat(TopicPlan.missing(topics, partitions())).isEmpty();
    }

    @Test
    void whatWasPlannedHasNothingWrong() {
        assertThat(TopicPlan.mismatches(topics, partitions(), policies())).isEmpty();
    }

    @Test
    void saysEachTopicWhosePartitionsDoNotFit() {
        Map<String, Integer> partitions = new HashMap<>(partitions());
        partitions.put(NAMES.predictions(), 4);
        partitions.put(NAMES.deadLetters(), 9);

        assertThat(TopicPlan.mismatches(topics, partitions, policies()))
                .containsExactly("predictions has 4 partitions and must have as many as images, 6");
    }

    @Test
    void saysEachTopicWhosePolicyWouldLoseRecords() {
        Map<String, String> policies = new HashMap<>(policies());
        policies.put(NAMES.miniBatches(), "compact,delete");
        policies.put(NAMES.adaptationState(), "delete");

        assertThat(TopicPlan.mismatches(topics, partitions(), policies))
                .containsExactlyInAnyOrder(
                        "mini-batches has cleanup.policy=compact,delete and must have delete",
                        "adaptation-state has cleanup.policy=delete and must have compact");
    }

    @Test
    void aTopicThatIsNotVisibleYetMayBeAskedForAgain() {
        Map<String, Integer> partitions = new HashMap<>(partitions());
        partitions.remove(NAMES.images());

        assertThatThrownBy(() -> TopicPlan.mismatches(topics, partitions, policies()))
                .isInstanceOf(KafkaException.class)
                .hasMessage("topic images is not there")
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void aTopicHasAPartition() {
        assertThatThrownBy(() -> new TopicPlan(0, 4, Optional.empty()))
                .hasMessage("topics have at least 1 partition, got 0 and 4");
    }
}
