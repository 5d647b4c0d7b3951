package io.acclimate.adapt.worker;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.kafka.CommitWatch;
import io.acclimate.kafka.Commits;
import io.acclimate.telemetry.KafkaBinding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
 * The transactions of one partition's owner. What {@link #hold} takes is kept in memory and in order, and the next commit writes all of
 * it in one transaction. So a transaction is open on the broker for no longer than it takes to write it.
 *
 * <p>The transactional id belongs to the partition, whoever owns it. So a new owner ends the open transaction of a dead one at once, where
 * an id for each instance would have to wait for the transaction's timeout, and an owner that was replaced is fenced before it can write.
 * The worker's thread only.
 */
final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final Producer<byte[], byte[]> producer;
    private final BooleanSupplier running;
    private final CommitWatch commits;
    private final AutoCloseable meters;
    private final List<Held> held = new ArrayList<>();
    private boolean begun;

    /**
     * What is written together.
     *
     * @param upTo the offsets after the work that led to it; there may be none
     * @param done when that work was done
     * @param bytes about how much is written
     * @param committed to be run after the commit
     */
    record Held(
            Consumer<Producer<byte[], byte[]>> writes,
            Map<TopicPartition, OffsetAndMetadata> upTo,
            Instant done,
            long bytes,
            Runnable committed) {
        Held {
            upTo = Map.copyOf(upTo);
        }
    }

    /** @param running false ends the retries of a commit that is not answered */
    Outbox(Producer<byte[], byte[]> producer, BooleanSupplier running, CommitWatch commits, AutoCloseable meters) {
        this.producer = producer;
        this.running = running;
        this.commits = commits;
        this.meters = meters;
    }

    static Outbox open(
            Map<String, Object> clientProps,
            AdaptSettings settings,
            int partition,
            BooleanSupplier running,
            Instruments instruments) {
        Producer<byte[], byte[]> producer = WorkerClients.producer(clientProps, settings, partition);
        KafkaBinding meters = instruments.telemetry().bindKafka(producer, "adapt");
        Outbox outbox = new Outbox(producer, running, instruments.commits(), meters);
        try {
            producer.initTransactions();
            return outbox;
        } catch (RuntimeException e) {
            outbox.close();
            throw e;
        }
    }

    /** Takes what the next transaction will write, after all that is held already. */
    void hold(Held work) {
        held.add(work);
    }

    /** What was taken since the last commit, the oldest first. */
    List<Held> held() {
        return List.copyOf(held);
    }

    /** Writes records and offsets, after all that is held, so that all of them are visible or none; there may be no offsets. */
    void transaction(
            Consumer<Producer<byte[], byte[]>> writes,
            Map<TopicPartition, OffsetAndMetadata> upTo,
            ConsumerGroupMetadata group) {
        hold(new Held(writes, upTo, Instant.EPOCH, 0, () -> {}));
        commit(group);
    }

    /** Writes what is held so that all of it is visible or nothing. */
    void commit(ConsumerGroupMetadata group) {
        if (held.isEmpty()) {
            return;
        }
        producer.beginTransaction();
        begun = true;
        // Writing serialises whole versions, which may take long on brokers that are well.
        held.forEach(each -> each.writes().accept(producer));
        Map<TopicPartition, OffsetAndMetadata> upTo = new HashMap<>();
        held.forEach(each -> upTo.putAll(each.upTo()));
        commits.during(() -> {
            if (!upTo.isEmpty()) {
                producer.sendOffsetsToTransaction(upTo, group);
            }
            Commits.untilAnswered(producer, running);
        });
        begun = false;
        List<Held> committed = List.copyOf(held);
        held.clear();
        committed.forEach(each -> each.committed().run());
    }

    /** Commits what was held before {@code failure}, so that it need not be done again, unless the failure is that it was not written. */
    void commitBefore(RuntimeException failure, ConsumerGroupMetadata group) {
        if (!begun && !Failures.isTimeout(failure)) {
            commit(group);
        }
    }

    /**
     * Aborts a transaction that failed, so that readers of its topics need not wait. After a timeout the next owner decides it when
     * it opens its outbox: that waits for the broker on another thread, and the outcome of a commit may be unknown.
     */
    void abort(RuntimeException failure) {
        if (begun && !Failures.isTimeout(failure)) {
            begun = false;
            held.clear();
            try {
                producer.abortTransaction();
            } catch (KafkaException | IllegalStateException e) {
                LOG.debug("the next owner of the partition will decide a transaction", e);
            }
        }
    }

    /** Leaves an open transaction undecided: the partition's next owner decides it. */
    @Override
    public void close() {
        try {
            meters.close();
        } catch (Exception e) {
            LOG.debug("the meters of a producer were not released", e);
        }
        producer.close(Duration.ZERO);
    }
}
