package io.acclimate.minibatch;

import io.acclimate.kafka.CommitWatch;
import io.acclimate.kafka.Commits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer that repeats the call when a transaction's offsets or its commit are not answered in time. Kafka Streams 4.3.1 treats such
 * a timeout as damage to the tasks. Before it rolls them back, it commits what is left of the thread's transaction. When the offsets
 * had timed out, that is every record without its offset, so all records are written twice.
 *
 * <p>When a record times out, Kafka Streams treats only that record's task as damaged. It aborts the transaction, which belongs to all
 * tasks of the thread, and the other tasks continue behind the records that they have lost: in one of a hundred kills a label was
 * gone. Therefore this producer reports such a record as one that cannot be written. Kafka Streams then gives up the thread, and the
 * next thread reads again from the last commit.
 *
 * <p>One thread calls it, that of Kafka Streams; callbacks come from the client's thread.
 */
final class PersistentProducer implements Producer<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(PersistentProducer.class);

    private final Producer<byte[], byte[]> kafka;
    private final BooleanSupplier running;
    private final CommitWatch commits;
    /** Why the transaction lacks offsets and must not be committed. */
    private Optional<TimeoutException> incomplete = Optional.empty();

    /** @param running when it becomes false, nothing is repeated any more and the transaction is left to be aborted */
    PersistentProducer(Producer<byte[], byte[]> kafka, BooleanSupplier running, CommitWatch commits) {
        this.kafka = kafka;
        this.running = running;
        this.commits = commits;
    }

    @Override
    public void beginTransaction() {
        incomplete = Optional.empty();
        kafka.beginTransaction();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        // Around all tries: one alone ends before it is late.
        commits.during(() -> sendOffsets(offsets, groupMetadata));
    }

    private void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        incomplete = Optional.of(new TimeoutException("the offsets of the transaction were not taken"));
        while (incomplete.isPresent()) {
            try {
                kafka.sendOffsetsToTransaction(offsets, groupMetadata);
                incomplete = Optional.empty();
            } catch (TimeoutException e) {
                if (!running.getAsBoolean()) {
                    throw e;
                }
                LOG.warn(
                        "The offsets of a transaction were not answered in time, sending them again: {}",
                        e.getMessage());
            }
        }
    }

    @Override
    public void commitTransaction() {
        if (incomplete.isPresent()) {
            throw new KafkaException("a transaction without its offsets is not committed", incomplete.get());
        }
        commits.during(() -> Commits.untilAnswered(kafka, running));
    }

    @Override
    public void initTransactions() {
        kafka.initTransactions();
    }

    @Override
    public void abortTransaction() {
        kafka.abortTransaction();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return kafka.send(record);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        return kafka.send(record, (metadata, failure) -> callback.onCompletion(metadata, conclusive(record, failure)));
    }

    private static @Nullable Exception conclusive(ProducerRecord<byte[], byte[]> record, @Nullable Exception failure) {
        return failure instanceof RetriableException
                ? new KafkaException(
                        "a record for topic " + record.topic() + " was not written: " + failure.getMessage(), failure)
                : failure;
    }

    @Override
    public void flush() {
        // Kafka Streams flushes at the beginning of each commit.
        commits.during(kafka::flush);
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return kafka.partitionsFor(topic);
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return kafka.metrics();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        kafka.registerMetricForSubscription(metric);
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        kafka.unregisterMetricFromSubscription(metric);
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        return kafka.clientInstanceId(timeout);
    }

    @Override
    public void close() {
        kafka.close();
    }

    @Override
    public void close(Duration timeout) {
        kafka.close(timeout);
    }
}
