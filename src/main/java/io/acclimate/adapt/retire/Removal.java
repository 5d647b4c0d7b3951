package io.acclimate.adapt.retire;

import io.acclimate.adapt.starts.KeptStart;
import io.acclimate.adapt.starts.KeptStarts;
import io.acclimate.core.DomainId;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.StartParts;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.StartState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Removes the records of one domain's state and starts from their topics, in the transaction that retires it. Its headstone stays on both
 * topics: on that of states for the worker, and on that of starts for a rebuild, which begins with it. One removal, one thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
public final class Removal {
    private static final int SLOT = 0;

    private final Topics topics;
    private final int partition;
    private final Headstone headstone;
    private final StateCodec states = new StateCodec();
    private final StartCodec starts = new StartCodec();
    private final List<Future<RecordMetadata>> ofStart = new ArrayList<>();

    public Removal(Topics topics, int partition, Headstone headstone) {
        this.topics = topics;
        this.partition = partition;
        this.headstone = headstone;
    }

    /** Writes tombstones beside what the round itself writes: the headstone as a snapshot, and those of the versions. */
    public void write(Producer<byte[], byte[]> producer, RetiredDomains known, KeptStarts kept) {
        DomainId domain = headstone.domain();
        for (int index = 1; index < known.parts(domain); index++) {
            tombstone(producer, topics.adaptationState(), states.key(domain, index));
        }
        tombstone(producer, topics.adaptationState(), states.progressKey(domain));
        StartParts start = new StartParts(
                domain,
                headstone.generation(),
                SLOT,
                "",
                (index, ofSamples, value) -> ofStart.add(producer.send(new ProducerRecord<>(
                        topics.adaptationStarts(), partition, starts.key(domain, SLOT, index), value))));
        start.state(List.of(
                () -> StartState.newBuilder().setCheckpoint(headstone.left()).build()));
        start.end(List.of());
        for (int slot = 0; slot < KeptStarts.SLOTS; slot++) {
            int first = slot == SLOT ? ofStart.size() : 0;
            for (int index = first; index < kept.records(domain, slot); index++) {
                tombstone(producer, topics.adaptationStarts(), starts.key(domain, slot, index));
            }
        }
    }

    /** Takes note of the removal, which is committed. */
    public void committed(RetiredDomains known, KeptStarts kept) {
        known.add(headstone);
        kept.replaceAll(new KeptStart(
                headstone.domain(),
                headstone.generation(),
                SLOT,
                ofStart.stream().map(Removal::offset).toList(),
                List.of()));
    }

    private void tombstone(Producer<byte[], byte[]> producer, String topic, byte[] key) {
        producer.send(new ProducerRecord<>(topic, partition, key, null));
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
