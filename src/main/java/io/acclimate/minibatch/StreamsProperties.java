package io.acclimate.minibatch;

import io.acclimate.kafka.TopicPlan;
import io.acclimate.minibatch.state.StoreMemory;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The properties of Kafka Streams. Those before the client's own can be changed by the operator; those after them are what the
 * guarantees rest on and cannot.
 */
final class StreamsProperties {
    private static final int MAX_RECORD_BYTES = TopicPlan.SAMPLE_RECORD_BYTES;
    /** What every internal topic has to take, whatever its records hold. */
    private static final Map<String, Long> LIMITS = Map.of(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, (long) MAX_RECORD_BYTES,
            // Records keep the times that clients chose, and a broker refuses those that are far from its own clock.
            TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, Long.MAX_VALUE,
            TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.MAX_VALUE);

    /** Above the largest record. */
    private static final int SEGMENT_BYTES = 32 << 20;

    private StreamsProperties() {}

    /** The topics that Kafka Streams keeps for the topology with all that it may have, without the application's name before each. */
    static final Set<String> INTERNAL_TOPICS = Set.of(
            "by-domain-repartition",
            "labels-by-image-repartition",
            "served-by-image-repartition",
            "joined-by-domain-repartition",
            "unlabelled-by-domain-repartition",
            "buffers-changelog",
            "samples-changelog",
            "pending-labels-changelog",
            "served-images-changelog");

    static Map<String, Object> of(Map<String, Object> clientProps, Topics topics, MiniBatchSettings settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        // A dead broker is noticed in seconds, and the domains of a dead instance move to another one as fast.
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 600);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), 5_000);
        properties.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, 20_000L);
        // A topic that is created after the start is found in seconds instead of five minutes.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.METADATA_MAX_AGE_CONFIG), 30_000);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StoreMemory.class);
        // The changelog of the index of images would be kept a day longer than the index.
        properties.put(
                StreamsConfig.WINDOW_STORE_CHANGE_LOG_ADDITIONAL_RETENTION_MS_CONFIG,
                Duration.ofHours(1).toMillis());
        // A label may be an image of eight megabytes: the default, 1,000 records of each partition, would be gigabytes.
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 16);
        properties.putAll(clientProps);
        // Kafka Streams has protocols of its own: classic, and streams.
        properties.remove(StreamsConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        properties.put(
                StreamsConfig.APPLICATION_ID_CONFIG,
                topics.prefix() + settings.membership().group());
        properties.put(
                StreamsConfig.CLIENT_ID_CONFIG,
                topics.prefix() + settings.membership().clientId());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.streams().commitInterval().toMillis());
        properties.put(
                StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.streams().threads());
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                settings.streams()
                        .stateDir()
                        .resolve(settings.membership().instance())
                        .toString());
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // A sample is a label's value and its coordinates, and a mini-batch may be one sample: both are larger than the
        // largest label.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), MAX_RECORD_BYTES);
        // The newest segment of a changelog is never compacted: with the default, a gigabyte of each partition would
        // stay.
        properties.put(StreamsConfig.topicPrefix(TopicConfig.SEGMENT_BYTES_CONFIG), SEGMENT_BYTES);
        LIMITS.forEach((name, least) -> properties.put(StreamsConfig.topicPrefix(name), Long.toString(least)));
        return properties;
    }

    /**
     * The lowest limits that existing topics may have. Kafka Streams gives its properties only to topics that it creates, and an
     * earlier version created them with lower ones.
     *
     * @param topics all topics of the cluster, of which those of the application count; the name of another application may begin like
     *     its name
     */
    static Map<String, Map<String, Long>> limits(Set<String> topics, String application) {
        return INTERNAL_TOPICS.stream()
                .map(name -> application + "-" + name)
                .filter(topics::contains)
                .collect(Collectors.toMap(name -> name, name -> LIMITS));
    }
}
