package io.acclimate.kafka;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** The partitions that a topic has now. The thread of the consumer only. */
public final class TopicPartitions {
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private TopicPartitions() {}

    /**
     * All partitions of the topic.
     *
     * @throws TimeoutException when there is no such topic, or no broker answers: both may change, so a caller may try again
     */
    public static List<TopicPartition> of(Consumer<?, ?> consumer, String topic) {
        List<PartitionInfo> found = consumer.partitionsFor(topic, ANSWER);
        if (found == null || found.isEmpty()) {
            throw new TimeoutException("topic " + topic + " does not exist");
        }
        return found.stream()
                .map(each -> new TopicPartition(topic, each.partition()))
                .toList();
    }

    /** How many partitions the topic has; fails as {@link #of} does. */
    public static int count(Consumer<?, ?> consumer, String topic) {
        return of(consumer, topic).size();
    }
}
