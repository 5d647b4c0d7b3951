package io.acclimate.adapt.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;

/** The worker's place in its group, as it is now, and whether more is to be done there. The worker's thread only. */
interface Membership {
    /** The ends of the transaction before the position and of the one after it are offsets, too, and nothing waits there. */
    long MARKERS = 2;

    /** An answer that takes longer is no longer about now. */
    Duration ANSWER = Duration.ofSeconds(1);

    /** What a transaction needs to commit offsets of the group. */
    ConsumerGroupMetadata metadata();

    /** Partitions over which domains are spread, those of other members included. */
    int partitions();

    /**
     * True when another mini-batch of this partition is at hand, and will be taken next: it was polled with the one in work, or is known to
     * be behind it. It asks nobody.
     */
    boolean follows(int partition);

    /** True when more mini-batches wait than the one in work. It may ask Kafka. */
    boolean waiting();

    /** At least so many mini-batches wait besides the one in work, by what is known of all partitions of this member. It asks nobody. */
    long waitAtLeast();

    /** The offset of the next mini-batch that will be committed to this partition. It asks Kafka. */
    long end(int partition);

    /** True when the consumer knows of records behind its position. */
    static boolean isBehind(Consumer<?, ?> consumer, TopicPartition partition) {
        return consumer.currentLag(partition).orElse(0) > MARKERS;
    }

    /**
     * At least so many mini-batches are behind the consumer's position. Each may be a transaction of its own, whose end takes an offset, too, so
     * it is half of the offsets. Those of partitions that are paused, as suspended ones are, take no time from others until they go on.
     */
    static long behind(Consumer<?, ?> consumer, String topic) {
        Set<TopicPartition> paused = consumer.paused();
        return consumer.assignment().stream()
                .filter(each -> each.topic().equals(topic) && !paused.contains(each))
                .mapToLong(each -> consumer.currentLag(each).orElse(0) / 2)
                .sum();
    }

    /**
     * True when a partition of {@code topic} that the consumer has been given has records behind its position. What the consumer knows of
     * that is as old as its last fetch, which may have been before a long round; where it knows of none, Kafka is asked.
     */
    static boolean waits(Consumer<?, ?> consumer, String topic) {
        List<TopicPartition> assigned = consumer.assignment().stream()
                .filter(each -> each.topic().equals(topic))
                .toList();
        if (assigned.stream().anyMatch(each -> isBehind(consumer, each))) {
            return true;
        }
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(assigned, ANSWER);
            return assigned.stream()
                    .anyMatch(each -> ends.getOrDefault(each, 0L) - consumer.position(each, ANSWER) > MARKERS);
        } catch (TimeoutException e) {
            return false;
        } catch (WakeupException e) {
            // It was meant for the next poll.
            consumer.wakeup();
            return false;
        }
    }
}
