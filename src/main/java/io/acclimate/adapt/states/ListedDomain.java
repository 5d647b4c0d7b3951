package io.acclimate.adapt.states;

import io.acclimate.adapt.retire.Headstone;
import io.acclimate.core.DomainId;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.kafka.TopicPartitions;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * What the last checkpoint of a domain says to people.
 *
 * @param version that serves; 0 for the source model
 * @param lastLabel empty before one came, or where a worker of an older build wrote the checkpoint
 * @param retired when an operator retired it, if no label has come since
 */
public record ListedDomain(
        DomainId domain,
        long version,
        long samples,
        Optional<Instant> lastLabel,
        boolean paused,
        Optional<Instant> retired) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Reads the states of all domains, in the order of their names. Their weights are not all in memory at once. */
    public static List<ListedDomain> read(Map<String, Object> client, Topics topics) {
        try (Consumer<byte[], byte[]> consumer = ClientProperties.of(client).openReader();
                KeptStates states = new KeptStates()) {
            PartitionReader reader = new PartitionReader(consumer, PATIENCE);
            reader.everything(TopicPartitions.of(consumer, topics.adaptationState()))
                    .forEach(range -> reader.read(range, record -> {
                        if (record.value() != null) {
                            states.add(record.value());
                        }
                    }));
            List<ListedDomain> all = new ArrayList<>();
            states.domains().forEach(domain -> all.add(of(states.of(domain))));
            return all;
        }
    }

    /** Reads a state. */
    public static ListedDomain of(StateCodec.Restored state) {
        Checkpoint last =
                state.progress().map(Progress::getReached).or(state::snapshot).orElse(Checkpoint.getDefaultInstance());
        int served = last.getShadow().getServedCount();
        return new ListedDomain(
                state.domain(),
                served > 0 ? last.getShadow().getServed(served - 1) : last.getActiveVersion(),
                last.getSamplesSeen(),
                last.hasLastLabelTime()
                        ? Optional.of(Instant.ofEpochSecond(
                                last.getLastLabelTime().getSeconds(),
                                last.getLastLabelTime().getNanos()))
                        : Optional.empty(),
                last.getPaused(),
                Headstone.of(state).map(Headstone::at));
    }
}
