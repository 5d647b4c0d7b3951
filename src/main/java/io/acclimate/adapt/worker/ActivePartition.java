package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.retire.RetiredDomains;
import io.acclimate.adapt.starts.KeptStarts;
import io.acclimate.core.DomainId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A partition whose records are processed: its transactions, and the worker of each of its domains. The worker's thread only. */
final class ActivePartition implements PartitionState, AutoCloseable {
    private final int partition;
    private final Outbox outbox;
    private final Map<DomainId, DomainWorker> workers = new TreeMap<>();
    private final KeptStarts starts = new KeptStarts();
    private final RetiredDomains retired = new RetiredDomains();
    private Optional<UnderwayPass> pass = Optional.empty();
    private Optional<Suspension> trial;
    private int singly;

    /** @param trial the suspension that it comes from, until its next commit proves that the cause is gone */
    ActivePartition(int partition, Outbox outbox, Optional<Suspension> trial) {
        this.partition = partition;
        this.outbox = outbox;
        this.trial = trial;
    }

    @Override
    public int partition() {
        return partition;
    }

    Outbox outbox() {
        return outbox;
    }

    Map<DomainId, DomainWorker> workers() {
        return workers;
    }

    /** The starts that the partition has. */
    KeptStarts starts() {
        return starts;
    }

    /** The domains that were retired, and what of the others a retirement would have to remove. */
    RetiredDomains retired() {
        return retired;
    }

    /** The pass that has begun and is not complete. */
    Optional<UnderwayPass> pass() {
        return pass;
    }

    void begin(UnderwayPass begun) {
        pass = Optional.of(begun);
    }

    void endPass() {
        pass = Optional.empty();
    }

    Optional<Suspension> trial() {
        return trial;
    }

    void passed() {
        trial = Optional.empty();
    }

    /** How many more mini-batches are each committed by itself, because a transaction with several of them failed. */
    int singly() {
        return singly;
    }

    void singly(int rounds) {
        singly = rounds;
    }

    @Override
    public void close() {
        outbox.close();
        workers.values().forEach(DomainWorker::close);
        workers.clear();
    }
}
