package io.acclimate.adapt.worker;

import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.ClassNames;
import io.acclimate.kafka.CommitWatch;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;

/** The partitions of a worker without a broker: the group's decisions, the clock and the restores are the test's. */
final class PartitionsFixture implements AutoCloseable {
    static final Topics TOPICS = Topics.DEFAULT;

    final AtomicLong nanos = new AtomicLong();
    final List<Long> polls = new ArrayList<>();
    final Map<Integer, MockProducer<byte[], byte[]>> producers = new ConcurrentHashMap<>();
    final Map<Integer, RuntimeException> refused = new ConcurrentHashMap<>();
    final Telemetry telemetry = Telemetry.inMemory();
    final Meters meters = new Meters(telemetry, new ClassNames(List.of("cat")));
    final List<Integer> restored = new ArrayList<>();
    final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polls.add(nanos.get());
            return super.poll(timeout);
        }
    };
    private OwnedPartitions.Restoring restoring = (into, keepMembership) -> restored.add(into.partition());
    final OwnedPartitions owned = new OwnedPartitions(
            consumer,
            TOPICS,
            (into, keepMembership) -> restoring.restore(into, keepMembership),
            this::open,
            new Failures(TOPICS, AdaptSettings.defaults()),
            meters,
            nanos::get);

    PartitionsFixture() {
        consumer.subscribe(List.of(TOPICS.miniBatches(), TOPICS.modelControl()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                owned.drop(revoked);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> given) {
                owned.take(given);
            }
        });
        Map<TopicPartition, Long> offsets = new HashMap<>();
        both(0, 1, 2, 3).forEach(each -> offsets.put(each, 0L));
        consumer.updateBeginningOffsets(offsets);
        consumer.updateEndOffsets(offsets);
    }

    private Outbox open(int partition) {
        RuntimeException failure = refused.get(partition);
        if (failure != null) {
            throw failure;
        }
        MockProducer<byte[], byte[]> producer = new MockProducer<>();
        producer.initTransactions();
        producers.put(partition, producer);
        return new Outbox(producer, () -> true, new CommitWatch(), () -> {});
    }

    /** How partitions are restored from now on. */
    void restoreBy(OwnedPartitions.Restoring how) {
        restoring = how;
    }

    boolean isClosed(int partition) {
        MockProducer<byte[], byte[]> producer = producers.get(partition);
        return producer != null && producer.closed();
    }

    static List<TopicPartition> both(int... partitions) {
        return IntStream.of(partitions)
                .boxed()
                .flatMap(each -> Stream.of(
                        new TopicPartition(TOPICS.miniBatches(), each),
                        new TopicPartition(TOPICS.modelControl(), each)))
                .toList();
    }

    /** Polls and advances as the worker's loop does, until nothing is opened any more. */
    void advanceUntilRestored() {
        await().until(() -> {
            consumer.poll(Duration.ZERO);
            owned.advance();
            return owned.opening().isEmpty();
        });
    }

    void give(int... partitions) {
        consumer.rebalance(both(partitions));
        advanceUntilRestored();
    }

    boolean isProcessed(int partition) {
        List<Integer> processed = new ArrayList<>();
        owned.attempt(partition, active -> processed.add(active.partition()));
        return !processed.isEmpty();
    }

    @Override
    public void close() {
        owned.close();
    }
}
