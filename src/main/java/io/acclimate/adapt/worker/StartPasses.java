package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.starts.KeptStart;
import io.acclimate.adapt.starts.KeptStarts;
import io.acclimate.core.DomainId;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.StartPass;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets old mini-batches be deleted. A pass over the domains of a partition writes a start of each one that has changed since its last
 * start: its state with the samples and the weights that it refers to. It writes one domain between two polls, so that the others learn
 * meanwhile and a worker that is to stop need not wait for all. When every domain has a start, the pass is complete, and the mini-batches
 * before the <em>last</em> pass are deleted. So a rebuild has the starts of that pass and all mini-batches since. A pass that does not get
 * so far deletes nothing; the next one begins again.
 *
 * <p>A start has everything that a later checkpoint of the domain refers to before it, because a sample that has left a buffer never comes
 * back. So a restore needs the newest start and the mini-batches after it, and the partition's other domains do not matter: that one of them
 * has had no labels for months keeps nothing. Rejected alternatives: a bounded age of samples, which forgets what a quiet domain has
 * learnt; a record for each sample that is kept, which needs tombstones, and a list of those records in memory. The worker's thread only.
 */
final class StartPasses {
    private static final Logger LOG = LoggerFactory.getLogger(StartPasses.class);

    /** After a pass that failed. Learning is what a worker is for. */
    private static final Duration PAUSE = Duration.ofMinutes(5);

    private final Topics topics;
    private final Duration keep;
    private final StartWriter writer;
    private final Membership membership;
    private final Deletion deletion;
    private final Meters meters;
    private final Clock clock;
    /** Of each partition whose last pass failed, until when there is no other. A partition that fails is made anew, so it is kept here. */
    private final Map<Integer, Long> postponed = new HashMap<>();

    private final StartCodec codec = new StartCodec();

    /** Deletes the first records of a partition. */
    @FunctionalInterface
    interface Deletion {
        void before(TopicPartition partition, long offset);
    }

    /** @param keep the time between two passes; zero for none */
    StartPasses(
            Topics topics,
            Duration keep,
            StartWriter writer,
            Membership membership,
            Deletion deletion,
            Meters meters,
            Clock clock) {
        this.topics = topics;
        this.keep = keep;
        this.writer = writer;
        this.membership = membership;
        this.deletion = deletion;
        this.meters = meters;
        this.clock = clock;
    }

    /** True when the last pass is as old as mini-batches are to be kept, or was made by a clock that has been turned back since. */
    boolean isDue(ActivePartition partition) {
        if (keep.isZero() || hasNothing(partition) || isPostponed(partition.partition())) {
            return false;
        }
        Optional<StartPass> last = partition.starts().pass();
        long age = last.map(pass -> clock.millis() - pass.getMillis()).orElse(keep.toMillis());
        return age < 0 || age >= keep.toMillis();
    }

    private static boolean hasNothing(ActivePartition partition) {
        return partition.workers().isEmpty() && partition.retired().before() == 0;
    }

    /**
     * Continues a pass by one domain, or begins one when mini-batches came since the last one.
     *
     * @param position of the next mini-batch of the partition; all before it are committed
     */
    void run(ActivePartition partition, long position, PartitionReader.Pulse pulse) {
        try {
            advance(partition, position, pulse);
        } catch (OwnedPartitions.LostPartitionException e) {
            throw e;
        } catch (RuntimeException e) {
            postpone(partition.partition(), e);
            throw e;
        }
    }

    /** The failure suspends the partition. When it is tried again, it learns first. */
    private void postpone(int partition, RuntimeException e) {
        meters.deleted("refused");
        boolean first = postponed.put(partition, clock.millis() + PAUSE.toMillis()) == null;
        if (first) {
            LOG.warn(
                    "the domains of partition {} of {} were not written to {}, so its old mini-batches stay and take disk;"
                            + " this is tried again every {} minutes: {}",
                    partition,
                    topics.miniBatches(),
                    topics.adaptationStarts(),
                    PAUSE.toMinutes(),
                    e.getMessage());
        }
    }

    private boolean isPostponed(int partition) {
        Long until = postponed.get(partition);
        long left = until == null ? 0 : until - clock.millis();
        return left > 0 && left <= PAUSE.toMillis();
    }

    private void advance(ActivePartition partition, long position, PartitionReader.Pulse pulse) {
        KeptStarts starts = partition.starts();
        long before = starts.pass().map(StartPass::getPosition).orElse(0L);
        if (partition.pass().isEmpty()) {
            if (before >= position && !deletesOfARetired(partition)) {
                return;
            }
            partition.begin(new UnderwayPass(position, partition.workers().keySet()));
        }
        UnderwayPass underway = partition.pass().orElseThrow();
        if (writeNext(partition, underway, pulse) && !underway.isComplete()) {
            return;
        }
        StartPass pass = StartPass.newBuilder()
                .setPosition(underway.position())
                .setBefore(before)
                .setMillis(clock.millis())
                .build();
        partition
                .outbox()
                .transaction(
                        producer -> codec.pass(
                                pass,
                                starts.places(),
                                (key, value) -> send(producer, partition.partition(), key, value)),
                        Map.of(),
                        membership.metadata());
        starts.put(pass);
        partition.endPass();
        postponed.remove(partition.partition());
        LOG.info(
                "partition {} of {}: {} of {} domains were written to {}; mini-batches before offset {} are deleted",
                partition.partition(),
                topics.miniBatches(),
                underway.written(),
                underway.domains(),
                topics.adaptationStarts(),
                before);
        delete(new TopicPartition(topics.miniBatches(), partition.partition()), before);
    }

    /**
     * Without new mini-batches there is nothing to write, and those since the pass before the last stay, by which a rebuild proves something.
     * Those of a retired domain must not wait for the next label of its partition, which may never come.
     */
    private static boolean deletesOfARetired(ActivePartition partition) {
        long deleted = partition.starts().pass().map(StartPass::getBefore).orElse(0L);
        return deleted < partition.retired().before();
    }

    /** Writes the next domain that has changed since its last start. False when there is none. */
    private boolean writeNext(ActivePartition partition, UnderwayPass underway, PartitionReader.Pulse pulse) {
        for (Optional<DomainId> next = underway.next(); next.isPresent(); next = underway.next()) {
            DomainId domain = next.get();
            DomainWorker worker = partition.workers().get(domain);
            if (worker != null && hasChanged(partition, domain, worker)) {
                writer.write(partition, domain, worker, pulse);
                underway.wrote();
                return true;
            }
        }
        return false;
    }

    private static boolean hasChanged(ActivePartition partition, DomainId domain, DomainWorker worker) {
        List<KeptStart> kept = partition.starts().of(domain);
        return kept.isEmpty()
                || kept.get(0).generation() != worker.checkpoints().generation();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
    private void send(Producer<byte[], byte[]> producer, int partition, byte[] key, byte[] value) {
        producer.send(new ProducerRecord<>(topics.adaptationStarts(), partition, key, value));
    }

    /** What is not deleted now is deleted after the next pass. */
    private void delete(TopicPartition miniBatches, long before) {
        if (before == 0) {
            return;
        }
        try {
            deletion.before(miniBatches, before);
            meters.deleted("done");
        } catch (KafkaException e) {
            meters.deleted("refused");
            LOG.warn(
                    "old mini-batches stay on {} and take disk: {}; the worker needs DELETE on the topic, or --keep-mini-batches 0s",
                    miniBatches,
                    e.getMessage());
        }
    }
}
