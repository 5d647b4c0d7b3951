package io.acclimate.registry;

import io.acclimate.kafka.UngroupedConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** The consumers of this room: without a group, read_committed, never creating topics. */
final class Clients {
    private static final Duration METADATA = Duration.ofSeconds(5);

    private Clients() {}

    static Consumer<byte[], byte[]> consumer(Map<String, Object> clientProps, String purpose) {
        return UngroupedConsumer.open(
                clientProps, Map.of("fetch.max.bytes", 8 * 1024 * 1024, "client.id", "acclimate-registry-" + purpose));
    }

    /** @throws TimeoutException when the topic is not there or no broker answers */
    static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, String topic) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, METADATA);
        if (partitions == null || partitions.isEmpty()) {
            throw new TimeoutException("topic " + topic + " does not exist");
        }
        return partitions.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }
}
