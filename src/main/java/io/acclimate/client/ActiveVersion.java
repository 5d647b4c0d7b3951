package io.acclimate.client;

import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.TopicPartitions;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.Topics;
import io.acclimate.wire.VersionCodec;
import io.acclimate.wire.VersionRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Follows which version is active in one domain, by {@code model-versions}. Each call has a consumer of its own; any thread. */
record ActiveVersion(Map<String, Object> properties, Topics topics, DomainId domain) {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final VersionCodec CODEC = new VersionCodec();

    long await(long minimum, Duration patience) throws TimeoutException {
        long deadline = System.nanoTime() + patience.toNanos();
        Optional<Activation> active = Optional.empty();
        try (Consumer<byte[], byte[]> consumer = ClientProperties.of(properties).openReader()) {
            TopicPartition partition = partition(consumer);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            do {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                    active = newer(active, each);
                }
                // What is older than this call may have been rolled back since: the newest of it counts.
                boolean caughtUp = consumer.position(partition) >= end;
                if (caughtUp && active.isPresent() && active.get().version().number() >= minimum) {
                    return active.get().version().number();
                }
            } while (System.nanoTime() - deadline < 0);
        }
        throw new TimeoutException("no version from " + minimum + " on became active in domain " + domain + " within "
                + patience + "; "
                + active.map(each -> "version " + each.version().number() + " is active")
                        .orElse("none was ever activated, so the source model serves"));
    }

    private TopicPartition partition(Consumer<?, ?> consumer) {
        String topic = topics.modelVersions();
        return new TopicPartition(topic, Partitions.ofDomain(domain, TopicPartitions.count(consumer, topic)));
    }

    private Optional<Activation> newer(Optional<Activation> active, ConsumerRecord<byte[], byte[]> next) {
        boolean ours = Arrays.equals(next.key(), CODEC.activeKey(domain));
        return ours && next.value() != null && CODEC.decode(next.value()) instanceof VersionRecord.Active found
                ? Optional.of(found.activation())
                        .filter(each -> active.map(Activation::epoch).orElse(0L) < each.epoch())
                        .or(() -> active)
                : active;
    }
}
