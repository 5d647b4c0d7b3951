package io.acclimate.adapt.rebuild;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Outcome;
import io.acclimate.kafka.UngroupedConsumer;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.Topics;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads a domain's mini-batches and commands from their earliest kept records, read_committed, in no group. One thread. */
final class KeptRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final MiniBatchCodec miniBatches = new MiniBatchCodec();
    private final EventCodec events = new EventCodec(WireFormat.JSON);
    private final ControlCodec controls = new ControlCodec();

    KeptRecords(Map<String, Object> clientProps, Topics topics) {
        this.topics = topics;
        this.consumer = UngroupedConsumer.open(clientProps, Map.of());
    }

    interface MiniBatches {
        void accept(MiniBatch batch, long offset);
    }

    /** Those that a worker would learn from, up to the record at {@code last}. */
    void miniBatches(DomainId domain, long last, MiniBatches each) {
        read(topics.miniBatches(), domain, last + 1, record -> {
            if (record.value() == null || !isOf(domain, record)) {
                return;
            }
            try {
                MiniBatch batch = miniBatches.decode(record.value());
                if (batch.domain().equals(domain)) {
                    each.accept(batch, record.offset());
                }
            } catch (UnreadableRecordException e) {
                // The worker sent it to the dead letters and learnt nothing from it.
            }
        });
    }

    /** The key is a hint only: it spares reading the other domains of the partition. */
    private static boolean isOf(DomainId domain, ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null || new String(record.key(), StandardCharsets.UTF_8).equals(domain.value());
    }

    /**
     * What happened to a domain beside its mini-batches.
     *
     * @param configurations by the offset of the mini-batch that was learnt from under them, where the events say it
     * @param byPosition by the offset of the mini-batch after which it happened, -1 for before the first
     * @param gap what the topics have lost
     */
    record History(Map<Long, String> configurations, SortedMap<Long, List<Happened>> byPosition, Optional<String> gap) {
        List<Happened> after(long offset) {
            return byPosition.getOrDefault(offset, List.of());
        }
    }

    /**
     * A worker had a command.
     *
     * @param configuration of the worker; empty when the event does not say it
     * @param command empty when it was refused
     */
    record Happened(Optional<String> configuration, Optional<ControlCommand> command) {}

    /** An answered command: where it stands, after which mini-batch it took effect, and under what. */
    private record Answer(long offset, long position, Optional<String> configuration, boolean applied) {
        boolean isAppliedAt(long of) {
            return applied && offset == of;
        }
    }

    History history(DomainId domain) {
        Map<Long, String> configurations = new HashMap<>();
        List<Answer> answers = new ArrayList<>();
        long[] position = {-1};
        long[] unplaced = {0};
        long firstEvent = read(topics.adaptationEvents(), domain, Long.MAX_VALUE, record -> {
            Optional<AdaptationEvent> event = event(record, domain);
            if (event.isEmpty()) {
                return;
            }
            Optional<Coordinates> input =
                    text(record, ContractHeaders.CE_SUBJECT).flatMap(Coordinates::parse);
            Optional<String> configuration = text(record, ContractHeaders.CE_CONFIGURATION);
            if (input.isPresent() && input.get().topic().equals(topics.miniBatches())) {
                configuration.ifPresent(id -> configurations.put(input.get().offset(), id));
                // The guard goes back before the mini-batch is learnt from.
                position[0] = learnt(event.get()) ? input.get().offset() : position[0];
            } else if (event.get() instanceof AdaptationEvent.Controlled controlled) {
                input.ifPresentOrElse(
                        from -> answers.add(
                                new Answer(from.offset(), position[0], configuration, controlled.applied())),
                        () -> unplaced[0] += controlled.applied() ? 1 : 0);
            }
        });
        Map<Long, ControlCommand> commands = new HashMap<>();
        long last = answers.stream().mapToLong(Answer::offset).max().orElse(-1);
        if (last >= 0) {
            read(topics.modelControl(), domain, last + 1, record -> {
                if (record.value() != null && answers.stream().anyMatch(each -> each.isAppliedAt(record.offset()))) {
                    commands.put(record.offset(), controls.decode(record.value()));
                }
            });
        }
        SortedMap<Long, List<Happened>> byPosition = new TreeMap<>();
        for (Answer each : answers) {
            Optional<ControlCommand> command =
                    each.applied() ? Optional.ofNullable(commands.get(each.offset())) : Optional.empty();
            unplaced[0] += each.applied() && command.isEmpty() ? 1 : 0;
            byPosition
                    .computeIfAbsent(each.position(), p -> new ArrayList<>())
                    .add(new Happened(each.configuration(), command));
        }
        List<String> gaps = new ArrayList<>();
        if (firstEvent > 0) {
            gaps.add("events before offset " + firstEvent + " are gone from " + topics.adaptationEvents()
                    + ", and with them the places of commands and of changed settings");
        }
        if (unplaced[0] > 0) {
            gaps.add(unplaced[0] + " commands that were applied cannot be found on " + topics.modelControl());
        }
        return new History(
                configurations, byPosition, gaps.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", gaps)));
    }

    private static boolean learnt(AdaptationEvent event) {
        return event instanceof AdaptationEvent.Trained || event instanceof AdaptationEvent.Discarded;
    }

    private Optional<AdaptationEvent> event(ConsumerRecord<byte[], byte[]> record, DomainId domain) {
        if (record.value() == null || !isOf(domain, record)) {
            return Optional.empty();
        }
        try {
            return Optional.of(events.decode(record.value()))
                    .filter(event -> event.domain().equals(domain));
        } catch (UnreadableRecordException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String header) {
        return ContractHeaders.text(record.headers(), header) instanceof Outcome.Ok<Optional<String>> ok
                ? ok.value()
                : Optional.empty();
    }

    /** The domain's partition of mini-batches. */
    int partition(DomainId domain) {
        return Partitions.ofDomain(domain, partitions(topics.miniBatches()));
    }

    private int partitions(String topic) {
        return Optional.ofNullable(consumer.partitionsFor(topic, ANSWER))
                .filter(all -> !all.isEmpty())
                .orElseThrow(() -> new TimeoutException("topic " + topic + " does not exist"))
                .size();
    }

    /** Reads to {@code end} or the topic's. Answers with the earliest kept offset. */
    private long read(String topic, DomainId domain, long end, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        TopicPartition partition = new TopicPartition(topic, Partitions.ofDomain(domain, partitions(topic)));
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long stop =
                Math.min(end, consumer.endOffsets(List.of(partition), ANSWER).getOrDefault(partition, 0L));
        long first = consumer.position(partition, ANSWER);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition, ANSWER) < stop) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < stop) {
                    each.accept(record);
                }
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(partition + " was not read up to offset " + stop + " within " + PATIENCE);
            }
        }
        return first;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
