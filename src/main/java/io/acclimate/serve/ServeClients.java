package io.acclimate.serve;

import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.GroupMembership;
import io.acclimate.kafka.OpenTransactions;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;

/** A worker's clients on a real broker. Properties that the guarantees need are forced; those that only tune can be overridden. */
final class ServeClients implements WorkerClients {
    /** The partitions of a killed instance are served again after this time, where Kafka's default is 45 s. */
    private static final Duration SESSION = Duration.ofSeconds(10);

    /** Some two are in memory for each worker: one that is worked on, and the next. A larger record comes alone. */
    private static final int FETCH_BYTES = 4 << 20;

    private final Map<String, Object> given;
    private final Topics topics;
    private final ServeSettings settings;
    private final String worker;

    /**
     * @param given client properties of the operator
     * @param worker number of the worker in its instance
     */
    ServeClients(Map<String, Object> given, Topics topics, ServeSettings settings, int worker) {
        this.given = Map.copyOf(given);
        this.topics = topics;
        this.settings = settings;
        this.worker = settings.workerName(worker);
    }

    @Override
    public Consumer<byte[], byte[]> consumer() {
        return ClientProperties.of(given)
                .named(consumerOf(worker))
                .force(
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        settings.batches().maxPollRecords())
                // One fetch feeds whole transactions, so that under load commits are few.
                .prefer(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES)
                // Memory for images that wait must not grow with the number of partitions.
                .prefer(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES)
                .openMember(
                        settings.membership().group(),
                        new GroupMembership(worker, CooperativeStickyAssignor.class.getName(), "uniform", SESSION));
    }

    /** The client id of a worker's consumer, made from the worker's name. */
    private static String consumerOf(String worker) {
        return worker + "-consumer";
    }

    @Override
    public Producer<byte[], byte[]> producer() {
        // A poll batch's predictions fit one request per partition. A commit sends at once, so lingering costs no
        // latency.
        ClientProperties properties = ClientProperties.of(given)
                .named(worker + "-producer")
                .prefer(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024)
                .prefer(ProducerConfig.LINGER_MS_CONFIG, 20)
                // Every client reads what is not compressed. KafkaJS and others need a plug-in for lz4, snappy and
                // zstd.
                .prefer(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return settings.delivery() == Delivery.EXACTLY_ONCE
                ? properties.openTransactional(worker)
                : properties.openProducer();
    }

    @Override
    public void takeOver(Collection<TopicPartition> images) {
        if (settings.delivery() == Delivery.EXACTLY_ONCE) {
            List<TopicPartition> predictions = images.stream()
                    .map(each -> new TopicPartition(topics.predictions(), each.partition()))
                    .toList();
            new OpenTransactions(given, settings.membership().group(), ServeClients::consumerOf)
                    .end(worker, predictions);
        }
    }
}
