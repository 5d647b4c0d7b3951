package io.acclimate.serve;

import io.acclimate.kafka.GroupMembership;
import java.time.Duration;
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
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The Kafka clients of a worker: what the guarantees need is forced, what only tunes can be overridden. */
final class ServeClients {
    /** A killed instance's partitions are served again after this, not after the default 45 s. */
    private static final Duration SESSION = Duration.ofSeconds(10);

    private ServeClients() {}

    static Consumer<byte[], byte[]> consumer(Map<String, Object> given, ServeSettings settings, int worker) {
        Map<String, Object> properties = new HashMap<>(given);
        properties.keySet().removeAll(List.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG));
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, consumerOf(settings.workerName(worker)));
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.maxPollRecords());
        properties.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // One fetch feeds whole transactions, so that under load commits are few.
        properties.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
        new GroupMembership(settings.workerName(worker), CooperativeStickyAssignor.class.getName(), "uniform", SESSION)
                .apply(properties);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The client id of a worker's consumer, of its name. */
    static String consumerOf(String worker) {
        return worker + "-consumer";
    }

    static Producer<byte[], byte[]> producer(Map<String, Object> given, ServeSettings settings, int worker) {
        Map<String, Object> properties = new HashMap<>(given);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, settings.workerName(worker) + "-producer");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        if (settings.delivery() == Delivery.EXACTLY_ONCE) {
            properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.workerName(worker));
        }
        // A poll batch's predictions fit one request per partition; commit sends at once, so lingering costs no
        // latency.
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 20);
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
