package io.acclimate.serve;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits offsets after the broker has acknowledged every record of the batch. */
final class AtLeastOnceOutput implements Output {
    private static final Logger LOG = LoggerFactory.getLogger(AtLeastOnceOutput.class);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> consumer;
    /** The first failed send of the batch. The producer's thread writes it. */
    private final AtomicReference<Optional<Exception>> failure = new AtomicReference<>(Optional.empty());

    /** Offsets of batches whose commit met a rebalance. They are committed with the next batch. */
    private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();

    AtLeastOnceOutput(Producer<byte[], byte[]> producer, Consumer<byte[], byte[]> consumer) {
        this.producer = producer;
        this.consumer = consumer;
    }

    @Override
    public void open() {
        // Without transactions a predecessor cannot leave anything open.
    }

    @Override
    public void begin() {
        failure.set(Optional.empty());
    }

    @Override
    public void send(ProducerRecord<byte[], byte[]> record) {
        var unused = producer.send(record, (metadata, exception) -> {
            if (exception != null) {
                failure.compareAndSet(Optional.empty(), Optional.of(exception));
            }
        });
    }

    @Override
    public void commit(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        producer.flush();
        Exception failed = firstFailure().orElse(null);
        if (failed != null) {
            throw new KafkaException("a prediction was not taken by the broker: " + failed.getMessage(), failed);
        }
        uncommitted.keySet().retainAll(consumer.assignment());
        uncommitted.putAll(offsets);
        try {
            consumer.commitSync(uncommitted);
            uncommitted.clear();
        } catch (RebalanceInProgressException e) {
            // The predictions are written. The next poll joins the group, and the next commit includes these offsets.
            // After a
            // crash in between, the predictions are written again.
            LOG.debug("offsets are committed after the rebalance: {}", e.getMessage());
        }
    }

    @SuppressWarnings("NullAway") // set to Optionals only
    private Optional<Exception> firstFailure() {
        return failure.get();
    }

    @Override
    public void abort() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
