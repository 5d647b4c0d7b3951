package io.acclimate.serve;

import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records and offsets in one Kafka transaction. */
final class ExactlyOnceOutput implements Output {
    private static final Logger LOG = LoggerFactory.getLogger(ExactlyOnceOutput.class);
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
        // A failure comes back from commit, so the future says nothing more.
        var unused = producer.send(record);
    }

    @Override
    public void commit(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        producer.sendOffsetsToTransaction(offsets, group);
        while (true) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                // The broker may have committed: the same call again is the only safe one.
                if (!running.getAsBoolean()) {
                    throw new OutcomeUnknownException("closing while a commit is not answered", e);
                }
                LOG.warn("commit not answered, asking again: {}", e.getMessage());
            }
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
