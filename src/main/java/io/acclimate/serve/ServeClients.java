package io.acclimate.serve;

import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.GroupMembership;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The Kafka clients of a worker: what the guarantees need is forced, what only tunes can be overridden. */
final class ServeClients {
    /** A killed instance's partitions are served again after this, not after the default 45 s. */
    private static final Duration SESSION = Duration.ofSeconds(10);

    private ServeClients() {}

    static Consumer<byte[], byte[]> consumer(Map<String, Object> given, ServeSettings settings, int worker) {
        String name = settings.workerName(worker);
        return ClientProperties.of(given)
                .named(consumerOf(name))
                .force(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.maxPollRecords())
                // One fetch feeds whole transactions, so that under load commits are few.
                .prefer(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20)
                .openMember(
                        settings.group(),
                        new GroupMembership(name, CooperativeStickyAssignor.class.getName(), "uniform", SESSION));
    }

    /** The client id of a worker's consumer, of its name. */
    static String consumerOf(String worker) {
        return worker + "-consumer";
    }

    static Producer<byte[], byte[]> producer(Map<String, Object> given, ServeSettings settings, int worker) {
        // A poll batch's predictions fit one request per partition; commit sends at once, so lingering costs no
        // latency.
        ClientProperties properties = ClientProperties.of(given)
                .named(settings.workerName(worker) + "-producer")
                .prefer(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024)
                .prefer(ProducerConfig.LINGER_MS_CONFIG, 20)
                .prefer(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        return settings.delivery() == Delivery.EXACTLY_ONCE
                ? properties.openTransactional(settings.workerName(worker))
                : properties.openProducer();
    }
}
