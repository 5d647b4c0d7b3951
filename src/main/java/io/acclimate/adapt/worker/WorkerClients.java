package io.acclimate.adapt.worker;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.GroupMembership;
import io.acclimate.kafka.TopicPlan;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The Kafka clients of the worker: what its guarantees need is forced, what only tunes can be overridden. */
final class WorkerClients {
    /** The partitions of a killed instance go to another after this, not after the default 45 s. */
    private static final Duration SESSION = Duration.ofSeconds(6);
    /** Each record is one round of training: a poll of more would keep the group waiting at a rebalance. */
    private static final int MAX_POLL_RECORDS = 8;

    private WorkerClients() {}

    static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> given, AdaptSettings settings) {
        return properties(given, settings).openMember(settings.membership().group(), membership(settings));
    }

    private static ClientProperties properties(Map<String, Object> given, AdaptSettings settings) {
        return ClientProperties.of(given)
                .named(name(settings))
                .force(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")
                .prefer(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
    }

    /** "range" gives the same partition numbers of mini-batches and model-control to the same member. */
    private static GroupMembership membership(AdaptSettings settings) {
        return new GroupMembership(name(settings), RangeAssignor.class.getName(), "range", SESSION);
    }

    static KafkaProducer<byte[], byte[]> producer(Map<String, Object> given, AdaptSettings settings, int partition) {
        return ClientProperties.of(given)
                .named(name(settings) + "-" + partition)
                .prefer(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 60_000)
                // A commit that is not answered is repeated; a stop must not wait longer for a broker that is away.
                .prefer(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000)
                .prefer(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, TopicPlan.SAMPLE_RECORD_BYTES)
                .prefer(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none")
                .openTransactional(settings.membership().group() + "-" + partition);
    }

    private static String name(AdaptSettings settings) {
        return settings.membership().clientId();
    }
}
