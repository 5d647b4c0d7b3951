package io.acclimate.registry;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The consumers of this room: without a group, read_committed, never creating topics. */
final class Clients {
    private static final Duration METADATA = Duration.ofSeconds(5);

    private Clients() {}

    static Consumer<byte[], byte[]> consumer(Map<String, Object> clientProps, String purpose) {
        Map<String, Object> properties = new HashMap<>(clientProps);
        properties.keySet().removeAll(List.of(ConsumerConfig.GROUP_ID_CONFIG, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG));
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * 1024 * 1024);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "acclimate-registry-" + purpose);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
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
