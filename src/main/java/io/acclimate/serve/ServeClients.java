package io.acclimate.serve;

import io.acclimate.kafka.GroupMembership;
import io.acclimate.kafka.OpenTransactions;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A worker's clients on a real broker. Properties that the guarantees need are forced; those that only tune can be overridden. */
final class ServeClients implements WorkerClients {
    /** The partitions of a killed instance are served again after this time, where Kafka's default is 45 s. */
    private static final Duration SESSION = Duration.ofSeconds(10);

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
        return new KafkaConsumer<>(consumerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    Map<String, Object> consumerProperties() {
        Map<String, Object> properties = new HashMap<>(given);
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, consumerOf(worker));
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.maxPollRecords());
        properties.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // One fetch feeds whole transactions, so that under load commits are few.
        properties.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
        new GroupMembership(worker, CooperativeStickyAssignor.class.getName(), "uniform", SESSION).apply(properties);
        return properties;
    }

    /** The client id of a worker's consumer, made from the worker's name. */
    private static String consumerOf(String worker) {
        return worker + "-consumer";
    }

    @Override
    public Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    Map<String, Object> producerProperties() {
        Map<String, Object> properties = new HashMap<>(given);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, worker + "-producer");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        if (settings.delivery() == Delivery.EXACTLY_ONCE) {
            properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, worker);
        }
        // A poll batch's predictions fit one request per partition. A commit sends at once, so lingering costs no
        // latency.
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 20);
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        return properties;
    }

    @Override
    public void takeOver(Collection<TopicPartition> images) {
        if (settings.delivery() == Delivery.EXACTLY_ONCE) {
            List<TopicPartition> predictions = images.stream()
                    .map(each -> new TopicPartition(topics.predictions(), each.partition()))
                    .toList();
            new OpenTransactions(given, settings.group(), ServeClients::consumerOf).end(worker, predictions);
        }
    }
}
