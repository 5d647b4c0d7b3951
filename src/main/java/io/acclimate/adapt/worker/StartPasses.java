package io.acclimate.adapt.worker;

import com.google.protobuf.UnsafeByteOperations;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.starts.KeptStart;
import io.acclimate.adapt.starts.KeptStarts;
import io.acclimate.adapt.starts.StartReader;
import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import io.acclimate.kafka.OffsetRange;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.StartPass;
import io.acclimate.wire.v1.StartSample;
import io.acclimate.wire.v1.StartState;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets old mini-batches be deleted. A pass over the domains of a partition writes a start of each one that has changed since its last
 * start: its state with the samples and the weights that it refers to, in a transaction with the checkpoint that it equals. When every
 * domain has one, the pass is complete, and the mini-batches before the <em>last</em> pass are deleted. So a rebuild has the starts of
 * that pass and all mini-batches since. A pass that does not get so far deletes nothing; the next one begins again.
 *
 * <p>A start has everything that a later checkpoint of the domain refers to before it, because a sample that has left a buffer never comes
 * back. So a restore needs the newest start and the mini-batches after it, and the partition's other domains do not matter: that one of them
 * has had no labels for months keeps nothing. Rejected alternatives: a bounded age of samples, which forgets what a quiet domain has
 * learnt; a record for each sample that is kept, which needs tombstones, and a list of those records in memory. The worker's thread only.
 */
final class StartPasses {
    private static final Logger LOG = LoggerFactory.getLogger(StartPasses.class);

    private final Topics topics;
    private final Duration keep;
    private final RoundWriter writer;
    private final Membership membership;
    private final Function<PartitionReader.Pulse, PartitionReader> readers;
    private final Deletion deletion;
    private final Meters meters;
    private final List<String> classes;
    private final Clock clock;
    private final StartCodec codec = new StartCodec();

    /** Deletes the first records of a partition. */
    @FunctionalInterface
    interface Deletion {
        void before(TopicPartition partition, long offset);
    }

    /**
     * @param keep the time between two passes; zero for none
     * @param readers of committed records
     * @param classes of the worker's model
     */
    StartPasses(
            Topics topics,
            Duration keep,
            RoundWriter writer,
            Membership membership,
            Function<PartitionReader.Pulse, PartitionReader> readers,
            Deletion deletion,
            Meters meters,
            List<String> classes,
            Clock clock) {
        this.topics = topics;
        this.keep = keep;
        this.writer = writer;
        this.membership = membership;
        this.readers = readers;
        this.deletion = deletion;
        this.meters = meters;
        this.classes = List.copyOf(classes);
        this.clock = clock;
    }

    /** True when the last pass is as old as mini-batches are to be kept, or was made by a clock that has been turned back since. */
    boolean isDue(ActivePartition partition) {
        if (keep.isZero() || partition.workers().isEmpty()) {
            return false;
        }
        Optional<StartPass> last = partition.starts().pass();
        long age = last.map(pass -> clock.millis() - pass.getMillis()).orElse(keep.toMillis());
        return age < 0 || age >= keep.toMillis();
    }

    /**
     * Makes a pass when mini-batches came since the last one.
     *
     * @param position of the next mini-batch of the partition; all before it are committed
     */
    void run(ActivePartition partition, long position, PartitionReader.Pulse pulse) {
        KeptStarts starts = partition.starts();
        long before = starts.pass().map(StartPass::getPosition).orElse(0L);
        if (before >= position) {
            return;
        }
        int written = 0;
        for (Map.Entry<DomainId, DomainWorker> each : partition.workers().entrySet()) {
            long generation = each.getValue().checkpoints().generation();
            List<KeptStart> kept = starts.of(each.getKey());
            if (kept.isEmpty() || kept.get(0).generation() != generation) {
                write(partition, each.getKey(), each.getValue(), pulse);
                written++;
            }
            pulse.beat();
        }
        StartPass pass = StartPass.newBuilder()
                .setPosition(position)
                .setBefore(before)
                .setMillis(clock.millis())
                .build();
        partition
                .outbox()
                .transaction(
                        producer -> {
                            var unused = send(producer, partition.partition(), codec.passKey(), codec.encode(pass));
                        },
                        Map.of(),
                        membership.metadata());
        starts.put(pass);
        LOG.info(
                "partition {} of {}: {} of {} domains were written to {}; mini-batches before offset {} are deleted",
                partition.partition(),
                topics.miniBatches(),
                written,
                partition.workers().size(),
                topics.adaptationStarts(),
                before);
        delete(new TopicPartition(topics.miniBatches(), partition.partition()), before);
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

    private void write(ActivePartition partition, DomainId domain, DomainWorker worker, PartitionReader.Pulse pulse) {
        // Where the last round wrote no snapshot, this one is written with the start, so that a restart has no older
        // one to go back to.
        Optional<Round.Saved> saved = worker.checkpoints().stop();
        long generation = worker.checkpoints().generation();
        List<StartSample> samples =
                samples(partition, domain, worker.checkpoints().references(), pulse);
        int slot = partition.starts().nextSlot(domain);
        int stale = partition.starts().records(domain, slot);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        partition
                .outbox()
                .transaction(
                        producer -> {
                            saved.ifPresent(each -> writer.save(producer, each, partition.partition(), domain));
                            codec.parts(
                                    domain,
                                    generation,
                                    slot,
                                    List.of(() -> active(worker), () -> StartState.newBuilder()
                                            .setCheckpoint(worker.checkpoints().whole())
                                            .build()),
                                    samples,
                                    part -> sent.add(send(
                                            producer,
                                            partition.partition(),
                                            codec.key(domain, slot, sent.size()),
                                            part)));
                            for (int index = sent.size(); index < stale; index++) {
                                tombstone(producer, partition.partition(), codec.key(domain, slot, index));
                            }
                        },
                        Map.of(),
                        membership.metadata());
        partition
                .starts()
                .put(new KeptStart(
                        domain,
                        generation,
                        slot,
                        sent.stream().map(StartPasses::offset).toList()));
    }

    private StartState active(DomainWorker worker) {
        StartState.Builder state = StartState.newBuilder().addAllClasses(classes);
        if (worker.lineage().active() != VersionId.SOURCE) {
            state.setActiveWeights(
                    UnsafeByteOperations.unsafeWrap(worker.activeWeights().toBytes()));
        }
        return state.build();
    }

    /** The samples at these places, out of the domain's last starts, or of their mini-batches. */
    private List<StartSample> samples(
            ActivePartition partition, DomainId domain, Set<SampleRef> missing, PartitionReader.Pulse pulse) {
        Map<SampleRef, StartSample> found = new LinkedHashMap<>();
        PartitionReader reader = readers.apply(pulse);
        StartReader before =
                new StartReader(reader, new TopicPartition(topics.adaptationStarts(), partition.partition()));
        for (KeptStart start : partition.starts().of(domain)) {
            if (!missing.isEmpty()) {
                var unused = before.samples(start, sample -> {
                    if (missing.remove(sample.getAt())) {
                        found.put(sample.getAt(), sample);
                    }
                });
            }
        }
        Set<Long> offsets = new HashSet<>();
        missing.forEach(ref -> offsets.add(ref.getOffset()));
        if (!offsets.isEmpty()) {
            long last = offsets.stream().mapToLong(Long::longValue).max().getAsLong();
            TopicPartition miniBatches = new TopicPartition(topics.miniBatches(), partition.partition());
            var unused = reader.pick(new OffsetRange(miniBatches, 0, last + 1), offsets, record -> {
                if (record.value() != null) {
                    codec.samples(
                            record.value(),
                            record.offset(),
                            missing::contains,
                            sample -> found.put(sample.getAt(), sample));
                }
            });
        }
        return List.copyOf(found.values());
    }

    private Future<RecordMetadata> send(Producer<byte[], byte[]> producer, int partition, byte[] key, byte[] value) {
        return producer.send(new ProducerRecord<>(topics.adaptationStarts(), partition, key, value));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
    private void tombstone(Producer<byte[], byte[]> producer, int partition, byte[] key) {
        producer.send(new ProducerRecord<>(topics.adaptationStarts(), partition, key, null));
    }

    private static long offset(Future<RecordMetadata> sent) {
        try {
            return sent.get().offset();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a record of a committed transaction has no offset", e);
        }
    }
}
