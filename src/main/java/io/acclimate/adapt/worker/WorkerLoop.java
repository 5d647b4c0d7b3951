package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.Commands;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.kafka.GroupMembership;
import io.acclimate.kafka.OldRecords;
import io.acclimate.kafka.TopicPartitions;
import io.acclimate.telemetry.KafkaBinding;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;

/**
 * One run of the worker: from its first poll to the first failure that concerns more than one partition. After that {@link Adapting}
 * closes it and begins another from the checkpoints. The worker's thread only.
 */
final class WorkerLoop implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(250);
    /** While a partition waits to be opened and everything may be paused. */
    private static final Duration POLL_OPENING = Duration.ofMillis(10);

    private static final Duration LEAVE = Duration.ofSeconds(5);

    private final Topics topics;
    private final Consumer<byte[], byte[]> consumer;
    private final KafkaBinding consumerMeters;
    private final Restorer restorer;
    private final OwnedPartitions owned;
    private final Intake intake;
    private final StartPasses starts;
    private final Group group;
    private boolean joined;

    private WorkerLoop(
            Topics topics,
            Consumer<byte[], byte[]> consumer,
            KafkaBinding consumerMeters,
            Restorer restorer,
            OwnedPartitions owned,
            Intake intake,
            StartPasses starts,
            Group group) {
        this.topics = topics;
        this.consumer = consumer;
        this.consumerMeters = consumerMeters;
        this.restorer = restorer;
        this.owned = owned;
        this.intake = intake;
        this.starts = starts;
        this.group = group;
    }

    /** @param running false ends the retries of a commit that is not answered */
    static WorkerLoop open(
            Map<String, Object> clientProps,
            Topics topics,
            DomainFactory domains,
            Instruments instruments,
            BooleanSupplier running) {
        AdaptSettings settings = domains.settings();
        try (Opened opened = new Opened()) {
            Consumer<byte[], byte[]> consumer = opened.add(WorkerClients.consumer(clientProps, settings));
            KafkaBinding meters = opened.add(instruments.telemetry().bindKafka(consumer, RoundWriter.STAGE));
            Restorer restorer = opened.add(Restorer.open(clientProps, topics, domains.decoder()));
            // Before any domain has weights in memory: what a step takes while it is timed would come on top of them.
            Duration step = settings.freshness().target().isZero() ? Duration.ZERO : domains.timeOfAStep();
            OwnedPartitions owned = opened.add(new OwnedPartitions(
                    consumer,
                    topics,
                    (into, pulse) -> restorer.restore(into, domains, pulse),
                    partition -> Outbox.open(clientProps, settings, partition, running, instruments),
                    instruments.failures(),
                    instruments.meters(),
                    System::nanoTime));
            Group group = new Group(consumer, topics.miniBatches());
            RoundWriter writer = new RoundWriter(
                    topics,
                    domains.model().graph(),
                    settings.output().events(),
                    domains.configuration(),
                    domains.clock());
            Intake intake = new Intake(
                    writer,
                    new Commands(restorer.versions(), domains.model(), domains.clock()),
                    domains,
                    group,
                    new Freshness(settings.freshness(), () -> step),
                    instruments,
                    domains.clock());
            StartPasses starts = new StartPasses(
                    topics,
                    settings.output().keepMiniBatches(),
                    new StartWriter(topics, writer, group, restorer.decoder(), StartWriter.GROUP_BYTES),
                    group,
                    new OldRecords(clientProps)::deleteBefore,
                    instruments.meters(),
                    domains.clock());
            WorkerLoop loop = new WorkerLoop(topics, consumer, meters, restorer, owned, intake, starts, group);
            opened.keep();
            return loop;
        }
    }

    /** The membership of the worker's own consumer. */
    private static final class Group implements Membership {
        private final Consumer<byte[], byte[]> consumer;
        private final String miniBatches;
        private int partitions;
        /** Mini-batches of the last poll that are not processed yet. */
        private int polled;
        /** Those of the partition in work. */
        private int polledOfOne;
        /** Whether the next poll is to continue with the partition in work. */
        private boolean continues;

        Group(Consumer<byte[], byte[]> consumer, String miniBatches) {
            this.consumer = consumer;
            this.miniBatches = miniBatches;
        }

        @Override
        public ConsumerGroupMetadata metadata() {
            return consumer.groupMetadata();
        }

        @Override
        public int partitions() {
            return partitions;
        }

        @Override
        public boolean follows(int partition) {
            return polledOfOne > 0
                    || (continues && Membership.isBehind(consumer, new TopicPartition(miniBatches, partition)));
        }

        @Override
        public boolean waiting() {
            return polled > 0 || Membership.waits(consumer, miniBatches);
        }

        @Override
        public long end(int partition) {
            TopicPartition of = new TopicPartition(miniBatches, partition);
            Long end = consumer.endOffsets(List.of(of), ANSWER).get(of);
            if (end == null) {
                throw new IllegalStateException("no broker told the end of " + of);
            }
            return end;
        }

        @Override
        public long waitAtLeast() {
            return polled + Membership.behind(consumer, miniBatches);
        }
    }

    void begin() {
        int partitions = TopicPartitions.count(consumer, topics.miniBatches());
        for (String each : List.of(
                topics.modelControl(),
                topics.adaptationState(),
                topics.adaptationStarts(),
                topics.modelVersions(),
                topics.modelWeights())) {
            int own = TopicPartitions.count(consumer, each);
            if (own != partitions) {
                throw new IllegalStateException("topic " + each + " has " + own
                        + " partitions and must have as many as " + topics.miniBatches() + ", " + partitions);
            }
        }
        group.partitions = partitions;
        consumer.subscribe(List.of(topics.miniBatches(), topics.modelControl()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                revoked.stream()
                        .map(TopicPartition::partition)
                        .distinct()
                        .filter(owned.owned()::contains)
                        .forEach(each -> owned.attempt(each, intake::save));
                owned.drop(revoked);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> lost) {
                owned.drop(lost);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> given) {
                owned.take(given);
                joined = true;
            }
        });
    }

    /** The consumer's own meters; any thread may read the map. */
    Map<?, ? extends Metric> metrics() {
        return consumer.metrics();
    }

    /** True once the group has given this instance its partitions, which may be none. */
    boolean joined() {
        return joined;
    }

    /** Partitions whose domains are not restored yet. */
    Set<Integer> opening() {
        return owned.opening();
    }

    /** What an operator should know of suspended partitions; empty when there are none. */
    Optional<String> suspended() {
        return owned.suspended();
    }

    void poll() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout());
        for (ConsumerRecord<byte[], byte[]> record : records.records(topics.modelControl())) {
            owned.attempt(record.partition(), partition -> intake.control(record, partition));
        }
        List<TopicPartition> partitions = records.partitions().stream()
                .filter(each -> each.topic().equals(topics.miniBatches()))
                .toList();
        commitHeld(partitions.stream().map(TopicPartition::partition).findFirst());
        group.polled = partitions.stream()
                .mapToInt(each -> records.records(each).size())
                .sum();
        // Before other work than rounds, nothing is held.
        boolean onlyRounds = owned.areAllActive() && owned.active().stream().noneMatch(starts::isDue);
        for (int i = 0; i < partitions.size(); i++) {
            List<ConsumerRecord<byte[], byte[]>> ofOne = records.records(partitions.get(i));
            group.polledOfOne = ofOne.size();
            group.continues = onlyRounds && i == partitions.size() - 1;
            for (ConsumerRecord<byte[], byte[]> record : ofOne) {
                group.polled--;
                group.polledOfOne--;
                owned.attempt(record.partition(), partition -> intake.miniBatch(record, partition));
            }
        }
        owned.advance();
        owned.attemptEach(starts::isDue, partition -> {
            // All that was polled is committed by then.
            intake.commit(partition);
            starts.run(partition, position(partition), owned.pulse(partition));
        });
    }

    /** Rounds that are held do not wait for records that come later. */
    private Duration timeout() {
        return holding().isEmpty() ? owned.opening().isEmpty() ? POLL : POLL_OPENING : Duration.ZERO;
    }

    private List<Integer> holding() {
        return owned.active().stream()
                .filter(each -> !each.outbox().held().isEmpty())
                .map(ActivePartition::partition)
                .toList();
    }

    /** @param but the partition whose rounds come next, and may be committed with those that are held */
    private void commitHeld(Optional<Integer> but) {
        holding().stream()
                .filter(each -> !but.equals(Optional.of(each)))
                .forEach(each -> owned.attempt(each, intake::commit));
    }

    private long position(ActivePartition partition) {
        return consumer.position(new TopicPartition(topics.miniBatches(), partition.partition()));
    }

    /** Saves what a successor would have to train again. */
    void stop() {
        owned.owned().forEach(each -> owned.attempt(each, intake::save));
    }

    /** Leaves an open transaction undecided: the next owner of the partition decides it. */
    @Override
    public void close() {
        consumerMeters.close();
        owned.close();
        consumer.close(GroupMembership.leaving(LEAVE));
        restorer.close();
    }
}
