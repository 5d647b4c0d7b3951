package io.acclimate.serve;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Writes one worker's records and commits them together with the offsets that they came from. One thread. */
interface Output extends AutoCloseable {
    /** Blocks until the broker has answered and has aborted the transaction that a predecessor left open, if there is one. */
    void open();

    void begin();

    void send(ProducerRecord<byte[], byte[]> record);

    /**
     * Commits everything since {@link #begin}.
     *
     * @throws OutcomeUnknownException if it is not known whether the commit succeeded. The caller must neither retry the work nor
     *     abort it.
     */
    void commit(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group);

    /** Discards everything since {@link #begin}. */
    void abort();

    @Override
    void close();

    /** A commit was sent and not answered. Only a new producer with the same transactional id can find out what became of it. */
    final class OutcomeUnknownException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutcomeUnknownException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
