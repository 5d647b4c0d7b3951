package io.acclimate.adapt;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Refusal;
import io.acclimate.image.ImageDecoder;
import io.acclimate.telemetry.KafkaBinding;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.ControlCodec;
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
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * One life of the worker: from its first poll to its first failure, after which {@link Adapting} throws it away and begins
 * another from the checkpoints. Each record is one transaction: its effects and its offset are there together or not at all. The
 * worker's thread only.
 */
final class WorkerLoop implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration METADATA = Duration.ofSeconds(5);

    private final Topics topics;
    private final AdaptSettings settings;
    private final Models models;
    private final Retention retention;
    private final ImageDecoder decoder;
    private final Meters meters;
    private final Clock clock;
    private final Consumer<Round> beforeCommit;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<KafkaBinding> bindings;
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
            ImageDecoder decoder,
            Telemetry telemetry,
            Meters meters,
            Clock clock,
            Consumer<Round> beforeCommit) {
        this.topics = topics;
        this.settings = settings;
        this.models = models;
        this.retention = retention;
        this.decoder = decoder;
        this.meters = meters;
        this.clock = clock;
        this.beforeCommit = beforeCommit;
        this.consumer = new KafkaConsumer<>(
                consumerProperties(clientProps, settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.producer = new KafkaProducer<>(
                producerProperties(clientProps, settings), new ByteArraySerializer(), new ByteArraySerializer());
        this.bindings = List.of(telemetry.bindKafka(consumer, "adapt"), telemetry.bindKafka(producer, "adapt"));
        this.restorer = new Restorer(clientProps, topics);
        this.commands = new Commands(restorer, models.base(), clock);
        this.writer = new RoundWriter(topics, models.graph(), settings.events(), clock);
    }

    private static Map<String, Object> consumerProperties(Map<String, Object> clientProps, AdaptSettings settings) {
        Map<String, Object> properties = new HashMap<>(clientProps);
        properties.put("group.id", settings.group());
        properties.put("client.id", settings.group() + "-" + settings.instance());
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.putIfAbsent("max.poll.records", 8);
        // Gives the same partition numbers of mini-batches and model-control to the same member.
        properties.put("partition.assignment.strategy", RangeAssignor.class.getName());
        return properties;
    }

    private static Map<String, Object> producerProperties(Map<String, Object> clientProps, AdaptSettings settings) {
        Map<String, Object> properties = new HashMap<>(clientProps);
        properties.put("transactional.id", settings.group() + "-" + settings.instance());
        properties.put("client.id", settings.group() + "-" + settings.instance());
        properties.putIfAbsent("transaction.timeout.ms", 60_000);
        properties.putIfAbsent("max.request.size", 4 << 20);
        properties.putIfAbsent("compression.type", "none");
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
        producer.initTransactions();
        consumer.subscribe(List.of(topics.miniBatches(), topics.modelControl()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                drop(revoked);
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
        for (TopicPartition each : given) {
            if (each.topic().equals(topics.miniBatches()) && !assigned.containsKey(each.partition())) {
                // Answers only when a predecessor's transaction on these offsets is decided.
                consumer.committed(java.util.Set.of(each));
                assigned.put(each.partition(), restorer.restore(each.partition(), this::worker));
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
            transaction(record, () -> {});
            return;
        }
        Round round = worker.learn(batch, record.offset());
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
        transaction(record, () -> writer.deadLetter(producer, record, new Refusal(reason, message)));
        meters.deadLetter(reason.name());
    }

    private void commit(ConsumerRecord<byte[], byte[]> record, Round round, DomainId domain) {
        transaction(record, () -> {
            writer.write(producer, round, record.partition(), domain);
            beforeCommit.accept(round);
        });
    }

    private void transaction(ConsumerRecord<byte[], byte[]> record, Runnable writes) {
        producer.beginTransaction();
        writes.run();
        producer.sendOffsetsToTransaction(
                Map.of(
                        new TopicPartition(record.topic(), record.partition()),
                        new OffsetAndMetadata(record.offset() + 1)),
                consumer.groupMetadata());
        producer.commitTransaction();
    }

    /** Leaves an open transaction undecided: the next {@code initTransactions} of this instance decides it. */
    @Override
    public void close() {
        bindings.forEach(KafkaBinding::close);
        producer.close(Duration.ZERO);
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(METADATA));
        restorer.close();
        assigned.values().forEach(Assignment::close);
        assigned.clear();
    }
}
