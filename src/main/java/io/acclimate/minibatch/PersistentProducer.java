package io.acclimate.minibatch;

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
 * A producer that asks again when a transaction's offsets or its commit are not answered. Kafka Streams 4.3.1 takes such a
 * timeout for damaged tasks and, before it rolls them back, commits what is left of the thread's transaction: when it was the
 * offsets that timed out, that is every record without its offset, so all of them come twice.
 *
 * <p>A record that timed out damages its task alone, says Kafka Streams: it aborts the transaction, which is that of all tasks of the
 * thread, and the others go on behind what they have lost; in one of a hundred kills a label was gone. Told that the record cannot
 * be written, it gives up the thread, and its successor reads again from the last commit.
 *
 * <p>Called as Kafka Streams calls it, by one thread; callbacks come from the client's.
 */
final class PersistentProducer implements Producer<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(PersistentProducer.class);

    private final Producer<byte[], byte[]> kafka;
    private final BooleanSupplier running;
    /** Why the transaction lacks offsets and must not be committed. */
    private Optional<TimeoutException> incomplete = Optional.empty();

    /** @param running false ends the repeating; the transaction is then left to be aborted */
    PersistentProducer(Producer<byte[], byte[]> kafka, BooleanSupplier running) {
        this.kafka = kafka;
        this.running = running;
    }

    @Override
    public void beginTransaction() {
        incomplete = Optional.empty();
        kafka.beginTransaction();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        incomplete = Optional.of(new TimeoutException("the offsets of the transaction were not taken"));
        while (incomplete.isPresent()) {
            try {
                kafka.sendOffsetsToTransaction(offsets, groupMetadata);
                incomplete = Optional.empty();
            } catch (TimeoutException e) {
                if (!running.getAsBoolean()) {
                    throw e;
                }
                LOG.warn("offsets of a transaction not answered, asking again: {}", e.getMessage());
            }
        }
    }

    @Override
    public void commitTransaction() {
        if (incomplete.isPresent()) {
            throw new KafkaException("a transaction without its offsets is not committed", incomplete.get());
        }
        Commits.untilAnswered(kafka, running);
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
        kafka.flush();
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
