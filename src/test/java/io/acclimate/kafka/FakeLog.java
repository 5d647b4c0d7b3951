package io.acclimate.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Topics in memory, and a consumer that reads them from wherever it is told, with a number of records for each poll. */
public final class FakeLog extends MockConsumer<byte[], byte[]> {
    private final Map<TopicPartition, NavigableMap<Long, ConsumerRecord<byte[], byte[]>>> log = new HashMap<>();
    private int perPoll = Integer.MAX_VALUE;
    private Runnable onPoll = () -> {};

    public FakeLog() {
        super("earliest");
    }

    public FakeLog put(TopicPartition partition, long offset, byte[] key, byte[] value) {
        log.computeIfAbsent(partition, each -> new TreeMap<>())
                .put(
                        offset,
                        new ConsumerRecord<>(
                                partition.topic(),
                                partition.partition(),
                                offset,
                                0L,
                                TimestampType.CREATE_TIME,
                                key.length,
                                value.length,
                                key,
                                value,
                                new RecordHeaders(),
                                Optional.empty()));
        return this;
    }

    /** Adds a record with its headers. */
    public FakeLog put(ConsumerRecord<byte[], byte[]> record) {
        log.computeIfAbsent(new TopicPartition(record.topic(), record.partition()), each -> new TreeMap<>())
                .put(record.offset(), record);
        return this;
    }

    /** Records that are read at one poll. */
    public FakeLog perPoll(int records) {
        perPoll = records;
        return this;
    }

    /** What happens at each poll, before its records are there. */
    public FakeLog onPoll(Runnable task) {
        onPoll = task;
        return this;
    }

    public long end(TopicPartition partition) {
        NavigableMap<Long, ConsumerRecord<byte[], byte[]>> records = log.getOrDefault(partition, new TreeMap<>());
        return records.isEmpty() ? 0 : records.lastKey() + 1;
    }

    @Override
    public synchronized void assign(Collection<TopicPartition> partitions) {
        super.assign(partitions);
        Map<TopicPartition, Long> begins = new HashMap<>();
        partitions.forEach(each -> begins.put(each, 0L));
        updateBeginningOffsets(begins);
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        partitions.forEach(each -> ends.put(each, end(each)));
        return ends;
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        onPoll.run();
        assignment().stream()
                .filter(each -> !paused().contains(each))
                .sorted(Comparator.comparing(TopicPartition::toString))
                .flatMap(
                        each -> log.getOrDefault(each, new TreeMap<>()).tailMap(position(each), true).values().stream())
                .limit(perPoll)
                .forEach(this::addRecord);
        return super.poll(timeout);
    }

    /** The same log without regard to transactions, which there are none of. */
    public Consumer<byte[], byte[]> uncommitted() {
        FakeLog other = new FakeLog();
        other.log.putAll(log);
        return other;
    }
}
