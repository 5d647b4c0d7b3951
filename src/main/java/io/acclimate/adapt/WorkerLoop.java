package io.acclimate.adapt;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Refusal;
import io.acclimate.image.ImageDecoder;
import io.acclimate.telemetry.KafkaBinding;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.GroupMembership;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.Partitions;
import io.acclimate.wire.Topics;
import io.acclimate.wire.UnreadableRecordException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * One life of the worker: from its first poll to its first failure, after which {@link Adapting} throws it away and begins
 * another from the checkpoints. Each record is one transaction: its effects and its offset are there together or not at all. The
 * worker's thread only.
 */
final class WorkerLoop implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration METADATA = Duration.ofSeconds(5);
    /** The partitions of a killed instance are trained again after this, not after the default 45 s. */
    private static final Duration SESSION = Duration.ofSeconds(6);

    private final Topics topics;
    private final AdaptSettings settings;
    private final Models models;
    private final Retention retention;
    private final SampleDecoder decoder;
    private final Map<String, Object> clientProps;
    private final Telemetry telemetry;
    private final BooleanSupplier running;
    private final Meters meters;
    private final Clock clock;
    private final Moments moments;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaBinding consumerMeters;
    private final Restorer restorer;
    private final Commands commands;
    private final RoundWriter writer;
    private final MiniBatchCodec miniBatches = new MiniBatchCodec();
    private final ControlCodec controls = new ControlCodec();
    private final Map<Integer, Assignment> assigned = new TreeMap<>();
    private int partitions;
    private boolean joined;

    WorkerLoop(
            Map<String, Object> clientProps,
            Topics topics,
            AdaptSettings settings,
            Models models,
            Retention retention,
            ImageDecoder images,
            Telemetry telemetry,
            Meters meters,
            Clock clock,
            BooleanSupplier running,
            Moments moments) {
        this.clientProps = clientProps;
        this.telemetry = telemetry;
        this.running = running;
        this.topics = topics;
        this.settings = settings;
        this.models = models;
        this.retention = retention;
        this.decoder = new SampleDecoder(models, images);
        this.meters = meters;
        this.clock = clock;
        this.moments = moments;
        this.consumer = new KafkaConsumer<>(
                consumerProperties(clientProps, settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.consumerMeters = telemetry.bindKafka(consumer, "adapt");
        this.restorer = new Restorer(clientProps, topics, decoder);
        this.commands = new Commands(restorer.versions(), models, clock);
        this.writer = new RoundWriter(
                topics,
                models.graph(),
                settings.events(),
                RecordedSettings.id(settings, models.base(), retention.name()),
                clock);
    }

    private static Map<String, Object> consumerProperties(Map<String, Object> clientProps, AdaptSettings settings) {
        Map<String, Object> properties = new HashMap<>(clientProps);
        properties.put("group.id", settings.group());
        properties.put("client.id", settings.group() + "-" + settings.instance());
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.putIfAbsent("max.poll.records", 8);
        // "range" gives the same partition numbers of mini-batches and model-control to the same member.
        new GroupMembership(
                        settings.group() + "-" + settings.instance(), RangeAssignor.class.getName(), "range", SESSION)
                .apply(properties);
        return properties;
    }

    void begin() {
        partitions = partitions(topics.miniBatches());
        for (String each : List.of(
                topics.modelControl(), topics.adaptationState(), topics.modelVersions(), topics.modelWeights())) {
            if (partitions(each) != partitions) {
                throw new IllegalStateException("topic " + each + " has " + partitions(each)
                        + " partitions and must have as many as " + topics.miniBatches() + ", " + partitions);
            }
        }
        consumer.subscribe(List.of(topics.miniBatches(), topics.modelControl()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                revoked.forEach(each -> stop(each.partition()));
                drop(revoked);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> lost) {
                drop(lost);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> given) {
                restore(given);
                joined = true;
            }
        });
    }

    private int partitions(String topic) {
        List<PartitionInfo> all = consumer.partitionsFor(topic, METADATA);
        if (all == null || all.isEmpty()) {
            throw new TimeoutException("topic " + topic + " does not exist");
        }
        return all.size();
    }

    /** The consumer's own meters; any thread may read the map. */
    Map<?, ? extends Metric> metrics() {
        return consumer.metrics();
    }

    /** True once the group has given this instance its share, which may be nothing. */
    boolean joined() {
        return joined;
    }

    private void drop(Collection<TopicPartition> revoked) {
        for (TopicPartition each : revoked) {
            Assignment lost = assigned.remove(each.partition());
            if (lost != null) {
                lost.close();
            }
        }
    }

    private void restore(Collection<TopicPartition> given) {
        List<Integer> fresh = given.stream()
                .filter(each -> each.topic().equals(topics.miniBatches()) && !assigned.containsKey(each.partition()))
                .map(TopicPartition::partition)
                .sorted()
                .toList();
        try (Outboxes outboxes =
                new Outboxes(fresh, partition -> Outbox.open(clientProps, settings, partition, running, telemetry))) {
            for (int partition : fresh) {
                Assignment assignment = new Assignment(outboxes.take(partition));
                assigned.put(partition, assignment);
                // Answers only when a predecessor's transaction on these offsets is decided.
                consumer.committed(Set.of(new TopicPartition(topics.miniBatches(), partition)));
                restorer.restore(partition, this::worker, assignment);
            }
        }
    }

    private DomainWorker worker(DomainId domain) {
        return new DomainWorker(domain, settings, models, retention, decoder, clock);
    }

    void poll() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        records.records(topics.modelControl()).forEach(this::control);
        records.records(topics.miniBatches()).forEach(this::miniBatch);
    }

    private void miniBatch(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            refuse(record, DeadLetterReason.NULL_VALUE, "a mini-batch has a value");
            return;
        }
        MiniBatch batch;
        try {
            batch = miniBatches.decode(record.value());
        } catch (UnreadableRecordException e) {
            refuse(record, DeadLetterReason.UNREADABLE_RECORD, String.valueOf(e.getMessage()));
            return;
        }
        DomainWorker worker = owned(batch.domain(), record);
        if (worker == null) {
            return;
        }
        if (!worker.expects(batch)) {
            transaction(record, producer -> {});
            return;
        }
        Optional<Round> back = commands.guard(worker, batch);
        if (back.isPresent()) {
            ahead(record, back.get(), batch.domain());
            meters.committed(back.get());
        }
        Round round = worker.learn(batch, record.offset());
        moments.trained(round);
        commit(record, round, batch.domain());
        meters.committed(batch, round, clock.instant());
    }

    private void control(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            refuse(record, DeadLetterReason.NULL_VALUE, "a command has a value");
            return;
        }
        ControlCommand command;
        try {
            command = controls.decode(record.value());
        } catch (UnreadableRecordException e) {
            refuse(record, DeadLetterReason.UNREADABLE_RECORD, String.valueOf(e.getMessage()));
            return;
        }
        DomainWorker worker = owned(command.domain(), record);
        if (worker != null) {
            Round round = commands.apply(command, worker);
            commit(record, round, command.domain());
            meters.committed(round);
        }
    }

    private @Nullable DomainWorker owned(DomainId domain, ConsumerRecord<byte[], byte[]> record) {
        int right = Partitions.ofDomain(domain, partitions);
        Assignment assignment = assigned.get(record.partition());
        if (right != record.partition() || assignment == null) {
            refuse(
                    record,
                    DeadLetterReason.UNREADABLE_RECORD,
                    "records of domain " + domain + " belong to partition " + right + ", this one stands on "
                            + record.partition());
            return null;
        }
        return assignment.workers().computeIfAbsent(domain, this::worker);
    }

    private void refuse(ConsumerRecord<byte[], byte[]> record, DeadLetterReason reason, String message) {
        transaction(record, producer -> writer.deadLetter(producer, record, new Refusal(reason, message)));
        meters.deadLetter(reason.name());
    }

    private void commit(ConsumerRecord<byte[], byte[]> record, Round round, DomainId domain) {
        Coordinates input = new Coordinates(record.topic(), record.partition(), record.offset());
        transaction(record, producer -> {
            writer.write(producer, round, input, domain);
            moments.written(round);
        });
    }

    /** Commits what {@code record} led to before it is learnt from: its offset stays. */
    private void ahead(ConsumerRecord<byte[], byte[]> record, Round round, DomainId domain) {
        Assignment assignment = assigned.get(record.partition());
        if (assignment != null) {
            Coordinates input = new Coordinates(record.topic(), record.partition(), record.offset());
            assignment
                    .outbox()
                    .transaction(
                            producer -> writer.write(producer, round, input, domain),
                            Map.of(),
                            consumer.groupMetadata());
        }
    }

    private void transaction(ConsumerRecord<byte[], byte[]> record, Consumer<Producer<byte[], byte[]>> writes) {
        Assignment assignment = assigned.get(record.partition());
        if (assignment == null) {
            throw new IllegalStateException("partition " + record.partition() + " is not this worker's");
        }
        assignment
                .outbox()
                .transaction(
                        writes,
                        Map.of(
                                new TopicPartition(record.topic(), record.partition()),
                                new OffsetAndMetadata(record.offset() + 1)),
                        consumer.groupMetadata());
    }

    /** Writes what the domains' successors would have to train again. */
    void stop() {
        List.copyOf(assigned.keySet()).forEach(this::stop);
    }

    private void stop(int partition) {
        Assignment assignment = assigned.get(partition);
        if (assignment != null) {
            assignment
                    .workers()
                    .forEach((domain, worker) -> worker.checkpoints().stop().ifPresent(saved -> assignment
                            .outbox()
                            .transaction(
                                    producer -> writer.save(producer, saved, partition, domain),
                                    Map.of(),
                                    consumer.groupMetadata())));
        }
    }

    /** Leaves an open transaction undecided: the next owner of the partition decides it. */
    @Override
    public void close() {
        consumerMeters.close();
        assigned.values().forEach(Assignment::close);
        assigned.clear();
        consumer.close(GroupMembership.leaving(METADATA));
        restorer.close();
    }
}
