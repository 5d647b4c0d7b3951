package io.acclimate.app.verbs;

import io.acclimate.core.Outcome;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.OffsetRange;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.kafka.TopicPartitions;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.DeadLetters.DeadLetter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads the topic of dead letters from given offsets to the end that it had when reading began. Called by one thread. */
final class DeadLetterReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final PartitionReader reader;

    /** {@code group} is the consumer group of {@link #committed}; reading itself commits nothing. */
    DeadLetterReader(Map<String, Object> client, String topic, String group) {
        this(ClientProperties.of(client).openReader(group), topic);
    }

    /** Closes the consumer when it is closed itself. */
    DeadLetterReader(Consumer<byte[], byte[]> consumer, String topic) {
        this.topic = topic;
        this.consumer = consumer;
        reader = new PartitionReader(consumer, PATIENCE);
    }

    /** A record of the topic, and the dead letter that its headers describe. */
    record Entry(ConsumerRecord<byte[], byte[]> record, Outcome<DeadLetter> letter) {
        /** The name of the record in commands: {@code PARTITION:OFFSET}. */
        String id() {
            return record.partition() + ":" + record.offset();
        }
    }

    /** Takes the records of one poll; {@code positions} is where reading continues after them. */
    interface Sink {
        void accept(List<Entry> entries, Map<TopicPartition, Long> positions);
    }

    List<TopicPartition> partitions() {
        return TopicPartitions.of(consumer, topic);
    }

    /** The largest possible number of records, from the beginning. */
    long size() {
        List<TopicPartition> partitions = partitions();
        consumer.assign(partitions);
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
        return consumer.endOffsets(partitions).entrySet().stream()
                .mapToLong(end -> end.getValue() - begin.getOrDefault(end.getKey(), 0L))
                .sum();
    }

    /** The offsets that the group committed; a partition for which it never committed is missing. */
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

    /** @param from where to begin; a partition that is missing is read from its beginning */
    void read(Map<TopicPartition, Long> from, Sink sink) {
        List<OffsetRange> ranges = reader.everything(partitions()).stream()
                .map(all -> new OffsetRange(all.partition(), from.getOrDefault(all.partition(), 0L), all.to()))
                .toList();
        reader.read(
                ranges,
                (records, positions) -> sink.accept(
                        records.stream()
                                .map(record -> new Entry(record, DeadLetters.parse(record)))
                                .toList(),
                        positions));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
