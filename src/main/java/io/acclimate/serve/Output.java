package io.acclimate.serve;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Where one worker's records go, and how they become final together with the offsets they came from. One thread. */
interface Output extends AutoCloseable {
    /** May block until the broker answers, and has aborted what a predecessor left open. */
    void open();

    void begin();

    void send(ProducerRecord<byte[], byte[]> record);

    /**
     * Makes all since {@link #begin} final.
     *
     * @throws OutcomeUnknownException when nobody can tell whether it did: neither retry the work nor abort it
     */
    void commit(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group);

    /** Gives up all since {@link #begin}. */
    void abort();

    @Override
    void close();

    /** The commit was asked for and not answered. Only a new producer under the same transactional id can settle it. */
    final class OutcomeUnknownException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutcomeUnknownException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
