package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.AdaptSettings;
import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.Commands;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.RecordedSettings;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.domain.Versions;
import io.acclimate.core.DomainId;
import io.acclimate.image.ImageDecoder;
import io.acclimate.kafka.GroupMembership;
import io.acclimate.telemetry.KafkaBinding;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One life of the worker: from its first poll to the first failure that is not one partition's alone ({@link Shares} sees to those),
 * after which {@link Adapting} throws it away and begins another from the checkpoints. The worker's thread only.
 */
final class WorkerLoop implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration METADATA = Duration.ofSeconds(5);
    /** The partitions of a killed instance are trained again after this, not after the default 45 s. */
    private static final Duration SESSION = Duration.ofSeconds(6);

    private final Topics topics;
    private final AdaptSettings settings;
    private final BaseModel models;
    private final SourceSet retention;
    private final SampleDecoder decoder;
    private final Clock clock;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaBinding consumerMeters;
    private final Restorer restorer;
    private final Shares shares;
    private final Intake intake;
    private int partitions;
    private boolean joined;

    WorkerLoop(
            Map<String, Object> clientProps,
            Topics topics,
            AdaptSettings settings,
            BaseModel models,
            SourceSet retention,
            ImageDecoder images,
            Telemetry telemetry,
            Failures failures,
            Meters meters,
            Clock clock,
            BooleanSupplier running,
            RoundHooks moments) {
        this.topics = topics;
        this.settings = settings;
        this.models = models;
        this.retention = retention;
        this.decoder = new SampleDecoder(models, images);
        this.clock = clock;
        this.consumer = new KafkaConsumer<>(
                consumerProperties(clientProps, settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.consumerMeters = telemetry.bindKafka(consumer, "adapt");
        this.restorer = new Restorer(clientProps, topics, decoder);
        this.shares = new Shares(
                consumer,
                topics,
                restorer,
                partition -> Outbox.open(clientProps, settings, partition, running, telemetry),
                this::worker,
                failures,
                meters);
        RoundWriter writer = new RoundWriter(
                topics,
                models.graph(),
                settings.events(),
                RecordedSettings.id(settings, models.base(), retention.name()),
                clock);
        this.intake = new Intake(
                writer,
                new Commands(Versions.of(restorer.versions()), models, clock),
                this::worker,
                consumer::groupMetadata,
                () -> partitions,
                meters,
                clock,
                moments);
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
                revoked.stream()
                        .map(TopicPartition::partition)
                        .distinct()
                        .filter(shares.owned()::contains)
                        .forEach(each -> shares.attempt(each, intake::save));
                shares.drop(revoked);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> lost) {
                shares.drop(lost);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> given) {
                shares.take(given);
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

    private DomainWorker worker(DomainId domain) {
        return new DomainWorker(domain, settings, models, retention, decoder, clock);
    }

    /** What an operator should know of partitions that are suspended, if any is. */
    Optional<String> suspended() {
        return shares.suspended();
    }

    void poll() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records.records(topics.modelControl())) {
            shares.attempt(record.partition(), assignment -> intake.control(record, assignment));
        }
        for (ConsumerRecord<byte[], byte[]> record : records.records(topics.miniBatches())) {
            shares.attempt(record.partition(), assignment -> intake.miniBatch(record, assignment));
        }
        // After the poll has said what is still this instance's: to open another's outbox would fence that one.
        shares.retry();
    }

    /** Writes what the domains' successors would have to train again. */
    void stop() {
        shares.owned().forEach(each -> shares.attempt(each, intake::save));
    }

    /** Leaves an open transaction undecided: the next owner of the partition decides it. */
    @Override
    public void close() {
        consumerMeters.close();
        shares.close();
        consumer.close(GroupMembership.leaving(METADATA));
        restorer.close();
    }
}
