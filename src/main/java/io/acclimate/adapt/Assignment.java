package io.acclimate.adapt;

import io.acclimate.core.DomainId;
import java.util.Map;
import java.util.TreeMap;

/** One partition that this instance owns now: its transactions, and its domains, each with its worker. The worker's thread only. */
final class Assignment implements AutoCloseable {
    private final Outbox outbox;
    private final Map<DomainId, DomainWorker> workers = new TreeMap<>();

    Assignment(Outbox outbox) {
        this.outbox = outbox;
    }

    Outbox outbox() {
        return outbox;
    }

    Map<DomainId, DomainWorker> workers() {
        return workers;
    }

    @Override
    public void close() {
        outbox.close();
        workers.values().forEach(DomainWorker::close);
        workers.clear();
    }
}
