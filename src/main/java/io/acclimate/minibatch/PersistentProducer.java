package io.acclimate.minibatch;

import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer that asks again when a transaction's offsets or its commit are not answered. Kafka Streams 4.3.1 takes such a
 * timeout for damaged tasks and, before it rolls them back, commits what is left of the thread's transaction: when it was the
 * offsets that timed out, that is every record without its offset, so all of them come twice. Called as Kafka Streams calls it,
 * by one thread.
 */
final class PersistentProducer extends KafkaProducer<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(PersistentProducer.class);

    private final BooleanSupplier running;
    /** Why the transaction lacks offsets and must not be committed. */
    private Optional<TimeoutException> incomplete = Optional.empty();

    /** @param running false ends the repeating; the transaction is then left to be aborted */
    PersistentProducer(Map<String, Object> properties, BooleanSupplier running) {
        super(properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.running = running;
    }

    @Override
    public void beginTransaction() {
        incomplete = Optional.empty();
        super.beginTransaction();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        incomplete = Optional.of(new TimeoutException("the offsets of the transaction were not taken"));
        persist("offsets", () -> super.sendOffsetsToTransaction(offsets, groupMetadata));
        incomplete = Optional.empty();
    }

    @Override
    public void commitTransaction() {
        if (incomplete.isPresent()) {
            throw new KafkaException("a transaction without its offsets is not committed", incomplete.get());
        }
        persist("commit", super::commitTransaction);
    }

    private void persist(String what, Runnable call) {
        while (true) {
            try {
                call.run();
                return;
            } catch (TimeoutException e) {
                if (!running.getAsBoolean()) {
                    throw e;
                }
                LOG.warn("{} of a transaction not answered, asking again: {}", what, e.getMessage());
            }
        }
    }
}
