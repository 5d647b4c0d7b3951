package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.core.DomainId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A partition that is worked on: its transactions, and its domains, each with its worker. */
final class Assignment implements Share {
    private final int partition;
    private final Outbox outbox;
    private final Map<DomainId, DomainWorker> workers = new TreeMap<>();
    private Optional<Suspension> trial;

    /** @param trial what it was suspended for, until its next commit proves that it is over */
    Assignment(int partition, Outbox outbox, Optional<Suspension> trial) {
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

    Optional<Suspension> trial() {
        return trial;
    }

    void passed() {
        trial = Optional.empty();
    }

    @Override
    public void close() {
        outbox.close();
        workers.values().forEach(DomainWorker::close);
        workers.clear();
    }
}
