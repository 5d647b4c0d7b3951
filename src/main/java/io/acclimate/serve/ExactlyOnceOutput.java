package io.acclimate.serve;

import io.acclimate.kafka.Commits;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Writes records and offsets in one Kafka transaction. */
final class ExactlyOnceOutput implements Output {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final BooleanSupplier running;

    /** @param running false ends the retries of a commit that is not answered */
    ExactlyOnceOutput(Producer<byte[], byte[]> producer, BooleanSupplier running) {
        this.producer = producer;
        this.running = running;
    }

    @Override
    public void open() {
        producer.initTransactions();
    }

    @Override
    public void begin() {
        producer.beginTransaction();
    }

    @Override
    public void send(ProducerRecord<byte[], byte[]> record) {
        // The commit reports a failed send, so the future is not needed.
        var unused = producer.send(record);
    }

    @Override
    public void commit(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        producer.sendOffsetsToTransaction(offsets, group);
        try {
            Commits.untilAnswered(producer, running);
        } catch (TimeoutException e) {
            throw new OutcomeUnknownException("closing while a commit is not answered", e);
        }
    }

    @Override
    public void abort() {
        producer.abortTransaction();
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
