package io.acclimate.client;

import io.acclimate.core.Prediction;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.GroupMembership;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;

/**
 * Reads predictions, in the order of their partitions, and only those whose transaction was committed. Each is read at least once: what was not
 * committed before a reader ends is read again. One thread.
 */
public final class PredictionReader implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration SESSION = Duration.ofSeconds(45);

    private final Consumer<byte[], byte[]> consumer;
    private final PredictionCodec codec = new PredictionCodec(WireFormat.JSON);

    private PredictionReader(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    static PredictionReader open(Map<String, Object> properties, Topics topics, String group) {
        // A name of its own for each: two readers of one name would take each other's place.
        GroupMembership membership = new GroupMembership(
                group + "-" + UUID.randomUUID(), CooperativeStickyAssignor.class.getName(), "uniform", SESSION);
        Consumer<byte[], byte[]> consumer = ClientProperties.of(properties).openMember(group, membership);
        consumer.subscribe(List.of(topics.predictions()));
        return new PredictionReader(consumer);
    }

    /**
     * Returns the next predictions, in any of the formats that a service writes.
     *
     * @param atMost how long to wait for the first one; then there are none
     * @throws UnreadableRecordException when a record of the topic is no prediction
     */
    public List<Prediction> poll(Duration atMost) {
        List<Prediction> predictions = new ArrayList<>();
        consumer.poll(atMost).forEach(each -> predictions.add(codec.decode(each.value())));
        return predictions;
    }

    /** Says that all predictions that were returned until now need not be read again. */
    public void commit() {
        consumer.commitSync();
    }

    /** Leaves the group without a commit. */
    @Override
    public void close() {
        consumer.close(GroupMembership.leaving(GRACE));
    }
}
