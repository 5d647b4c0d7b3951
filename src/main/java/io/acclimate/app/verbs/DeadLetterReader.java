package io.acclimate.app.verbs;

import io.acclimate.core.Outcome;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.DeadLetters.DeadLetter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the dead-letters topic from given places to where it ended when the reading began. One thread. */
final class DeadLetterReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;

    /** {@code group} names where {@link #committed} is kept; reading itself commits nothing. */
    DeadLetterReader(Map<String, Object> client, String topic, String group) {
        this.topic = topic;
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A record of the topic and what its headers say. */
    record Entry(ConsumerRecord<byte[], byte[]> record, Outcome<DeadLetter> letter) {
        /** How commands name it: {@code PARTITION:OFFSET}. */
        String id() {
            return record.partition() + ":" + record.offset();
        }
    }

    /** Takes the records of one poll; {@code positions} is where reading goes on after them. */
    interface Sink {
        void accept(List<Entry> entries, Map<TopicPartition, Long> positions);
    }

    List<TopicPartition> partitions() {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        if (found == null || found.isEmpty()) {
            throw new TimeoutException("topic " + topic + " does not exist");
        }
        return found.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    /** How many records there are at most, from the beginning. */
    long size() {
        List<TopicPartition> partitions = partitions();
        consumer.assign(partitions);
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
        return consumer.endOffsets(partitions).entrySet().stream()
                .mapToLong(end -> end.getValue() - begin.getOrDefault(end.getKey(), 0L))
                .sum();
    }

    /** Where the group goes on; a partition it never committed is missing. */
    Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> places = new HashMap<>();
        consumer.committed(Set.copyOf(partitions())).forEach((partition, offset) -> {
            if (offset != null) {
                places.put(partition, offset.offset());
            }
        });
        return places;
    }

    ConsumerGroupMetadata group() {
        return consumer.groupMetadata();
    }

    void read(Map<TopicPartition, Long> from, Sink sink) {
        List<TopicPartition> partitions = partitions();
        consumer.assign(partitions);
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
        begin.forEach(
                (partition, first) -> consumer.seek(partition, Math.max(first, from.getOrDefault(partition, first))));
        while (end.entrySet().stream().anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
            var records = consumer.poll(POLL);
            List<Entry> entries = new ArrayList<>();
            records.forEach(record -> entries.add(new Entry(record, DeadLetters.parse(record))));
            Map<TopicPartition, Long> positions = new HashMap<>();
            partitions.forEach(partition -> positions.put(partition, consumer.position(partition)));
            sink.accept(entries, positions);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
