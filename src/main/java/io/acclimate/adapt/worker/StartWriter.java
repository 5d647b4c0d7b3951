package io.acclimate.adapt.worker;

import com.google.protobuf.UnsafeByteOperations;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.starts.KeptStart;
import io.acclimate.adapt.starts.StartReader;
import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import io.acclimate.kafka.OffsetRange;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.StartParts;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.StartSample;
import io.acclimate.wire.v1.StartState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Writes the start of one domain. Its samples are images as they came, and together they may have more bytes than the heap. So they are read
 * and written in groups, each in a transaction of its own. The last transaction has the rest of them, the state, the checkpoint that the
 * state equals, and the mark that makes the start complete. A worker that is killed before leaves a part of a start, which counts as none;
 * the domain's other slot still has the newest complete start, which has every older sample that the domain needs. The worker's thread only.
 */
final class StartWriter {
    /** How many bytes of samples are in memory and in one transaction. */
    static final int GROUP_BYTES = 16 * 1024 * 1024;

    private final Topics topics;
    private final RoundWriter writer;
    private final Membership membership;
    private final Function<PartitionReader.Pulse, PartitionReader> readers;
    private final List<String> classes;
    private final int groupBytes;
    private final StartCodec codec = new StartCodec();

    /**
     * @param readers of committed records
     * @param classes of the worker's model
     * @param groupBytes how many bytes of samples one transaction has; one more sample may exceed it
     */
    StartWriter(
            Topics topics,
            RoundWriter writer,
            Membership membership,
            Function<PartitionReader.Pulse, PartitionReader> readers,
            List<String> classes,
            int groupBytes) {
        this.topics = topics;
        this.writer = writer;
        this.membership = membership;
        this.readers = readers;
        this.classes = List.copyOf(classes);
        this.groupBytes = groupBytes;
    }

    void write(ActivePartition partition, DomainId domain, DomainWorker worker, PartitionReader.Pulse pulse) {
        Writing writing = new Writing(partition, domain, worker);
        read(partition, domain, worker.checkpoints().references(), pulse, writing);
        writing.end();
    }

    /** Gives the samples at these places, out of the domain's last starts, or of their mini-batches. */
    private void read(
            ActivePartition partition,
            DomainId domain,
            Set<SampleRef> missing,
            PartitionReader.Pulse pulse,
            Writing into) {
        PartitionReader reader = readers.apply(pulse);
        StartReader before =
                new StartReader(reader, new TopicPartition(topics.adaptationStarts(), partition.partition()));
        List<KeptStart> newestFirst = partition.starts().of(domain);
        newestFirst.stream().limit(1).forEach(start -> take(before, start, missing, into));
        Set<Long> offsets = new HashSet<>();
        missing.forEach(ref -> offsets.add(ref.getOffset()));
        if (!offsets.isEmpty()) {
            long last = offsets.stream().mapToLong(Long::longValue).max().getAsLong();
            TopicPartition miniBatches = new TopicPartition(topics.miniBatches(), partition.partition());
            var unused = reader.pick(new OffsetRange(miniBatches, 0, last + 1), offsets, record -> {
                if (record.value() != null) {
                    codec.samples(record.value(), record.offset(), missing::remove, into::add);
                }
            });
        }
        // The newest start has every older sample that is kept, so that this is for a start that somebody broke.
        for (KeptStart start : newestFirst.subList(Math.min(1, newestFirst.size()), newestFirst.size())) {
            if (!missing.isEmpty()) {
                take(before, start, missing, into);
            }
        }
    }

    private static void take(StartReader from, KeptStart start, Set<SampleRef> missing, Writing into) {
        var unused = from.samples(start, sample -> {
            if (missing.remove(sample.getAt())) {
                into.add(sample);
            }
        });
    }

    /** One start, from its first sample to its end. */
    private final class Writing {
        private final ActivePartition partition;
        private final DomainId domain;
        private final DomainWorker worker;
        private final long generation;
        private final int slot;
        private final List<StartSample> group = new ArrayList<>();
        private final List<Future<RecordMetadata>> ofState = new ArrayList<>();
        private final List<Future<RecordMetadata>> ofSamples = new ArrayList<>();
        private final StartParts parts;
        /** Of the transaction that is written now. */
        private Optional<Producer<byte[], byte[]>> open = Optional.empty();

        private long bytes;

        Writing(ActivePartition partition, DomainId domain, DomainWorker worker) {
            this.partition = partition;
            this.domain = domain;
            this.worker = worker;
            this.generation = worker.checkpoints().generation();
            this.slot = partition.starts().nextSlot(domain);
            this.parts = new StartParts(domain, generation, slot, this::part);
        }

        void add(StartSample sample) {
            group.add(sample);
            bytes += sample.getSerializedSize();
            if (bytes >= groupBytes) {
                transaction(producer -> parts.samples(group));
                group.clear();
                bytes = 0;
            }
        }

        void end() {
            int stale = partition.starts().records(domain, slot);
            // Where the last round wrote no snapshot, a restart would go back to an older one, whose mini-batches may
            // be
            // deleted. It is made only now: who takes the partition away while samples are read has another saved.
            Optional<Round.Saved.Snapshot> saved = worker.checkpoints().settle();
            transaction(producer -> {
                saved.ifPresent(each -> writer.save(producer, each, partition.partition(), domain));
                parts.state(List.of(this::active, () -> StartState.newBuilder()
                        .setCheckpoint(saved.map(Round.Saved.Snapshot::whole).orElseGet(worker.checkpoints()::whole))
                        .build()));
                parts.end(group);
                for (int index = ofState.size() + ofSamples.size(); index < stale; index++) {
                    tombstone(producer, codec.key(domain, slot, index));
                }
            });
            partition.starts().put(new KeptStart(domain, generation, slot, offsets(ofState), offsets(ofSamples)));
        }

        private void transaction(Consumer<Producer<byte[], byte[]>> writes) {
            partition
                    .outbox()
                    .transaction(
                            producer -> {
                                open = Optional.of(producer);
                                writes.accept(producer);
                            },
                            Map.of(),
                            membership.metadata());
        }

        private void part(int index, boolean hasSamples, byte[] value) {
            Future<RecordMetadata> sent = open.orElseThrow()
                    .send(new ProducerRecord<>(
                            topics.adaptationStarts(), partition.partition(), codec.key(domain, slot, index), value));
            (hasSamples ? ofSamples : ofState).add(sent);
        }

        @SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
        private void tombstone(Producer<byte[], byte[]> producer, byte[] key) {
            producer.send(new ProducerRecord<>(topics.adaptationStarts(), partition.partition(), key, null));
        }

        private StartState active() {
            StartState.Builder state = StartState.newBuilder().addAllClasses(classes);
            if (worker.lineage().active() != VersionId.SOURCE) {
                state.setActiveWeights(
                        UnsafeByteOperations.unsafeWrap(worker.activeWeights().toBytes()));
            }
            return state.build();
        }
    }

    private static List<Long> offsets(List<Future<RecordMetadata>> sent) {
        return sent.stream().map(StartWriter::offset).toList();
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
