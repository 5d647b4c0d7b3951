package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.rebuild.History.KeptLoss;
import io.acclimate.adapt.rebuild.History.KeptMiniBatch;
import io.acclimate.adapt.rebuild.History.RecordedCommand;
import io.acclimate.adapt.retire.Headstone;
import io.acclimate.adapt.starts.KeptStarts;
import io.acclimate.adapt.starts.StartReader;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Outcome;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.OffsetRange;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.kafka.TopicPartitions;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.Topics;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.WireFormat;
import io.acclimate.wire.v1.StartState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads a domain's mini-batches and commands from their earliest kept records, read_committed, in no group. One thread. */
final class KeptRecords implements AutoCloseable {
    /** Few, since mini-batches may be some megabytes; each takes longer to learn from than to read. */
    private static final int READ_AHEAD = 8;

    /** How long a read may make no progress. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Topics topics;
    private final Consumer<byte[], byte[]> consumer;
    private final PartitionReader reader;
    private final MiniBatchCodec miniBatches = new MiniBatchCodec();
    private final EventCodec events = new EventCodec(WireFormat.JSON);
    private final ControlCodec controls = new ControlCodec();
    /** Mini-batches of one domain that were read together, by their offsets. */
    private final Map<Long, MiniBatch> ahead = new HashMap<>();

    KeptRecords(Map<String, Object> clientProps, Topics topics) {
        this(ClientProperties.of(clientProps).openReader(), topics);
    }

    /** Closes the consumer when it is closed itself. */
    KeptRecords(Consumer<byte[], byte[]> consumer, Topics topics) {
        this.topics = topics;
        this.consumer = consumer;
        this.reader = new PartitionReader(consumer, PATIENCE);
    }

    /** The places of the mini-batches that a worker would learn from, up to the record at {@code last}. */
    List<KeptMiniBatch> miniBatches(DomainId domain, long last) {
        List<KeptMiniBatch> places = new ArrayList<>();
        read(topics.miniBatches(), domain, 0, last + 1, record -> miniBatch(record, domain)
                .ifPresent(batch -> places.add(new KeptMiniBatch(record.offset(), batch.sequence()))));
        return places;
    }

    /** The mini-batch at an offset that {@link #miniBatches} gave. Ascending offsets are read a few at a time. */
    MiniBatch miniBatch(DomainId domain, long offset) {
        Optional<MiniBatch> read = readAhead(domain, offset);
        if (read.isEmpty()) {
            ahead.clear();
            read(topics.miniBatches(), domain, offset, offset + READ_AHEAD, record -> miniBatch(record, domain)
                    .ifPresent(batch -> ahead.put(record.offset(), batch)));
            read = readAhead(domain, offset);
        }
        return read.orElseThrow(() -> new IllegalStateException("the mini-batch at offset " + offset
                + " was deleted from " + topics.miniBatches() + " during the rebuild"));
    }

    /** Domains of other partitions have other mini-batches at the same offsets. */
    private Optional<MiniBatch> readAhead(DomainId domain, long offset) {
        return Optional.ofNullable(ahead.get(offset))
                .filter(batch -> batch.domain().equals(domain));
    }

    private Optional<MiniBatch> miniBatch(ConsumerRecord<byte[], byte[]> record, DomainId domain) {
        if (record.value() == null || !isOf(domain, record)) {
            return Optional.empty();
        }
        try {
            return Optional.of(miniBatches.decode(record.value()))
                    .filter(batch -> batch.domain().equals(domain));
        } catch (UnreadableRecordException e) {
            // The worker sent it to the dead letters and learnt nothing from it.
            return Optional.empty();
        }
    }

    /** The key is a hint only: it spares reading the other domains of the partition. */
    private static boolean isOf(DomainId domain, ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null || new String(record.key(), StandardCharsets.UTF_8).equals(domain.value());
    }

    /**
     * An answered command.
     *
     * @param offset of the command's record
     * @param position of the mini-batch after which it was answered
     */
    private record Answer(
            long offset,
            long position,
            Optional<String> configurationId,
            long generation,
            OptionalLong stateLostAt,
            boolean applied) {}

    History history(DomainId domain) {
        EventLog log = new EventLog();
        long firstEvent = read(topics.adaptationEvents(), domain, 0, Long.MAX_VALUE, record -> event(record, domain)
                .ifPresent(event -> log.add(
                        event,
                        text(record, ContractHeaders.CE_SUBJECT).flatMap(Coordinates::parse),
                        text(record, ContractHeaders.CE_CONFIGURATION),
                        text(record, ContractHeaders.CE_ID),
                        text(record, ContractHeaders.CE_STATE_LOST_AT).flatMap(KeptRecords::offset))));
        Map<Long, ControlCommand> commands = commands(domain, log.answers);
        Map<Long, List<RecordedCommand>> byPosition = new TreeMap<>();
        int unplaced = log.unplaced;
        for (Answer each : log.answers) {
            Optional<ControlCommand> command =
                    each.applied() ? Optional.ofNullable(commands.get(each.offset())) : Optional.empty();
            unplaced += each.applied() && command.isEmpty() ? 1 : 0;
            byPosition
                    .computeIfAbsent(each.position(), p -> new ArrayList<>())
                    .add(new RecordedCommand(each.configurationId(), each.generation(), each.stateLostAt(), command));
        }
        List<String> gaps = new ArrayList<>();
        if (firstEvent > 0) {
            gaps.add("events before offset " + firstEvent + " are gone from " + topics.adaptationEvents()
                    + ", and with them the places of commands and of changed settings");
        }
        if (unplaced > 0) {
            gaps.add(unplaced + " commands that were applied cannot be found on " + topics.modelControl());
        }
        return new History(
                log.configurationIds,
                log.statesLost,
                log.efforts,
                byPosition,
                gaps.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", gaps)));
    }

    /** What the events of one domain say, collected in their order. */
    private final class EventLog {
        private final Map<Long, String> configurationIds = new HashMap<>();
        private final Map<Long, Long> statesLost = new HashMap<>();
        private final Map<Long, Effort> efforts = new HashMap<>();
        private final List<Answer> answers = new ArrayList<>();
        /** The mini-batch that was learnt from last, -1 before the first. */
        private long position = -1;
        /** Applied commands whose events do not say where the command is. */
        private int unplaced;

        /** @param input the record that led to the event */
        void add(
                AdaptationEvent event,
                Optional<Coordinates> input,
                Optional<String> configurationId,
                Optional<String> id,
                Optional<Long> stateLostAt) {
            if (input.isPresent() && input.get().topic().equals(topics.miniBatches())) {
                stateLostAt.ifPresent(lost -> statesLost.put(input.get().offset(), lost));
                configurationId.ifPresent(
                        name -> configurationIds.put(input.get().offset(), name));
                if (event instanceof AdaptationEvent.Trained trained && trained.halvings() > 0) {
                    efforts.put(input.get().offset(), new Effort(trained.halvings()));
                } else if (event instanceof AdaptationEvent.LeftOut) {
                    efforts.put(input.get().offset(), Effort.LEFT_OUT);
                }
                // The guard's rollback names the mini-batch, too, but comes before it is learnt from.
                position = learnt(event) ? input.get().offset() : position;
            } else if (event instanceof AdaptationEvent.Controlled controlled) {
                if (input.isPresent()) {
                    answers.add(new Answer(
                            input.get().offset(),
                            position,
                            configurationId,
                            id.map(EventCodec::generation)
                                    .orElse(OptionalLong.empty())
                                    .orElse(Long.MAX_VALUE),
                            stateLostAt.map(OptionalLong::of).orElse(OptionalLong.empty()),
                            controlled.applied()));
                } else {
                    unplaced += controlled.applied() ? 1 : 0;
                }
            }
        }
    }

    private static Optional<Long> offset(String text) {
        return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    /** The commands that were applied, by their offsets. */
    private Map<Long, ControlCommand> commands(DomainId domain, List<Answer> answers) {
        Set<Long> applied =
                answers.stream().filter(Answer::applied).map(Answer::offset).collect(Collectors.toSet());
        Map<Long, ControlCommand> commands = new HashMap<>();
        long last = applied.stream().mapToLong(each -> each).max().orElse(-1);
        if (last >= 0) {
            read(topics.modelControl(), domain, 0, last + 1, record -> {
                if (record.value() != null && applied.contains(record.offset())) {
                    commands.put(record.offset(), controls.decode(record.value()));
                }
            });
        }
        return commands;
    }

    private static boolean learnt(AdaptationEvent event) {
        return event instanceof AdaptationEvent.Trained
                || event instanceof AdaptationEvent.Discarded
                || event instanceof AdaptationEvent.LeftOut
                || event instanceof AdaptationEvent.Aligned;
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

    /** The states of the domain's kept starts, oldest first. */
    List<KeptState> starts(DomainId domain) {
        List<PartitionInfo> known = consumer.partitionsFor(topics.adaptationStarts(), PATIENCE);
        if (known == null || known.isEmpty()) {
            return List.of();
        }
        TopicPartition partition = partition(topics.adaptationStarts(), domain);
        StartReader from = new StartReader(reader, partition);
        KeptStarts starts = new KeptStarts();
        from.places(reader.ends(List.of(partition)).getOrDefault(partition, 0L), starts, read -> {});
        List<KeptState> oldestFirst = new ArrayList<>();
        starts.of(domain).forEach(each -> oldestFirst.add(0, new KeptState(each.generation(), from.state(each))));
        return oldestFirst;
    }

    /**
     * A state to begin with.
     *
     * @param generation of the domain's rounds that led to it
     */
    record KeptState(long generation, StartState state) {
        /** Those mini-batches that came after it. */
        List<KeptMiniBatch> after(List<KeptMiniBatch> all) {
            return all.stream()
                    .filter(each -> each.sequence() >= nextMiniBatch())
                    .toList();
        }

        long nextMiniBatch() {
            return state.getCheckpoint().getNextMiniBatch();
        }

        /** Mini-batches before this offset belong to what was retired; 0 for a domain that never was. */
        long retiredBefore() {
            return state.getCheckpoint().getRetirement().getBefore();
        }

        /** What is left of the retired domain, if this is that, and no state that was learnt. */
        Optional<Headstone> headstone(DomainId domain) {
            return Optional.of(state.getCheckpoint()).filter(Headstone::is).map(left -> new Headstone(domain, left));
        }

        /** What its worker had lost without a round to tell it by. */
        Optional<KeptLoss> loss() {
            return state.getCheckpoint().hasStateLostAt()
                    ? Optional.of(new KeptLoss(
                            generation, nextMiniBatch(), state.getCheckpoint().getStateLostAt()))
                    : Optional.empty();
        }
    }

    /** The domain's partition of mini-batches. */
    int partition(DomainId domain) {
        return partition(topics.miniBatches(), domain).partition();
    }

    private TopicPartition partition(String topic, DomainId domain) {
        return new TopicPartition(topic, Partitions.ofDomain(domain, TopicPartitions.count(consumer, topic)));
    }

    /** Reads the kept records from {@code begin} to before {@code end}. Answers with the offset where it began to read. */
    private long read(String topic, DomainId domain, long begin, long end, PartitionReader.RecordSink each) {
        TopicPartition partition = partition(topic, domain);
        long last = reader.ends(List.of(partition)).getOrDefault(partition, 0L);
        return reader.read(new OffsetRange(partition, begin, Math.min(end, last)), each)
                .first();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
