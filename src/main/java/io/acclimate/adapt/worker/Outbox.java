package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.AdaptSettings;
import io.acclimate.kafka.Commits;
import io.acclimate.telemetry.KafkaBinding;
import io.acclimate.telemetry.Telemetry;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of one partition's owner. The transactional id is the partition's, whoever owns it: a new owner decides at once
 * what a dead one left open, where with an id for each instance it would wait for the transaction's timeout; and an owner that was
 * replaced is fenced before it can write. The worker's thread only.
 */
final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final Producer<byte[], byte[]> producer;
    private final BooleanSupplier running;
    private final AutoCloseable meters;
    private boolean begun;

    /** @param running false ends the retries of a commit that is not answered */
    Outbox(Producer<byte[], byte[]> producer, BooleanSupplier running, AutoCloseable meters) {
        this.producer = producer;
        this.running = running;
        this.meters = meters;
    }

    static Outbox open(
            Map<String, Object> clientProps,
            AdaptSettings settings,
            int partition,
            BooleanSupplier running,
            Telemetry telemetry) {
        Producer<byte[], byte[]> producer = WorkerClients.producer(clientProps, settings, partition);
        KafkaBinding meters = telemetry.bindKafka(producer, "adapt");
        Outbox outbox = new Outbox(producer, running, meters);
        try {
            producer.initTransactions();
            return outbox;
        } catch (RuntimeException e) {
            outbox.close();
            throw e;
        }
    }

    /** Records and offsets are there together or not at all; {@code offsets} may be none. */
    void transaction(
            Consumer<Producer<byte[], byte[]>> writes,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        producer.beginTransaction();
        begun = true;
        writes.accept(producer);
        if (!offsets.isEmpty()) {
            producer.sendOffsetsToTransaction(offsets, group);
        }
        Commits.untilAnswered(producer, running);
        begun = false;
    }

    /**
     * Takes back a transaction that failed, so that readers of its topics need not wait. After a timeout it is left to the next
     * owner's start, which waits for the broker elsewhere, and asks what became of a commit.
     */
    void abort(RuntimeException failure) {
        if (begun && !Failures.isTimeout(failure)) {
            begun = false;
            try {
                producer.abortTransaction();
            } catch (KafkaException | IllegalStateException e) {
                LOG.debug("a transaction is left to the next owner of its partition", e);
            }
        }
    }

    /** Leaves an open transaction undecided: the partition's next owner decides it. */
    @Override
    public void close() {
        try {
            meters.close();
        } catch (Exception e) {
            LOG.debug("meters of a producer were not released", e);
        }
        producer.close(Duration.ZERO);
    }
}
