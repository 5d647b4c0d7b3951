package io.acclimate.adapt.worker;

import com.google.protobuf.UnsafeByteOperations;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.starts.KeptStart;
import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.StartParts;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.StartSample;
import io.acclimate.wire.v1.StartState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Writes the start of one domain. Its samples are those that the worker keeps, in the form in which it keeps them: one byte for each value
 * of a picture's row, whatever the picture's own size was. So no image is read or decoded again. Together they may have more bytes than
 * the heap, so they are written in groups, each in a transaction of its own. The last transaction has the rest of them, the state, the
 * checkpoint that the state equals, and the mark that makes the start complete. A worker that is killed before leaves a part of a start,
 * which counts as none; the domain's other slot still has the newest complete start, which has every older sample that the domain needs.
 *
 * <p>Rejected alternative: images as they came. 8,448 photographs of 3 MB for a model of 32 x 32 pixels were 25 GB for each start. The
 * worker's thread only.
 */
final class StartWriter {
    /** How many bytes of samples are in memory and in one transaction. */
    static final int GROUP_BYTES = 16 * 1024 * 1024;

    private final Topics topics;
    private final RoundWriter writer;
    private final Membership membership;
    private final SampleDecoder decoder;
    private final int groupBytes;
    private final StartCodec codec = new StartCodec();

    /**
     * @param decoder of the worker's model
     * @param groupBytes how many bytes of samples one transaction has; one more sample may exceed it
     */
    StartWriter(Topics topics, RoundWriter writer, Membership membership, SampleDecoder decoder, int groupBytes) {
        this.topics = topics;
        this.writer = writer;
        this.membership = membership;
        this.decoder = decoder;
        this.groupBytes = groupBytes;
    }

    void write(ActivePartition partition, DomainId domain, DomainWorker worker, PartitionReader.Pulse pulse) {
        Writing writing = new Writing(partition, domain, worker);
        worker.checkpoints().samples(sample -> {
            writing.add(sample);
            pulse.beat();
        });
        writing.end();
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
            this.parts = new StartParts(domain, generation, slot, decoder.form(), this::part);
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
            transaction(producer -> {
                parts.state(List.of(() -> settled(producer), this::active));
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

        /**
         * Where the last round wrote no snapshot, a restart would go back to an older one, whose mini-batches may be deleted. It is made
         * only now: who takes the partition away while samples are read has another saved. It is not kept until the active version follows.
         */
        private StartState settled(Producer<byte[], byte[]> producer) {
            Optional<Round.Saved.Snapshot> saved = worker.checkpoints().settle();
            saved.ifPresent(each -> writer.save(producer, each, partition.partition(), domain));
            return StartState.newBuilder()
                    .setCheckpoint(saved.map(Round.Saved.Snapshot::whole).orElseGet(worker.checkpoints()::whole))
                    .build();
        }

        private StartState active() {
            StartState.Builder state = StartState.newBuilder()
                    .addAllClasses(decoder.models().graph().card().classes().names());
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
