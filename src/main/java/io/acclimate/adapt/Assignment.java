package io.acclimate.adapt;

import io.acclimate.core.DomainId;
import java.util.Map;
import java.util.TreeMap;

/** The domains of one partition that this instance owns now, each with its worker. The worker's thread only. */
final class Assignment implements AutoCloseable {
    private final int partition;
    private final Map<DomainId, DomainWorker> workers = new TreeMap<>();

    Assignment(int partition) {
        this.partition = partition;
    }

    int partition() {
        return partition;
    }

    Map<DomainId, DomainWorker> workers() {
        return workers;
    }

    @Override
    public void close() {
        workers.values().forEach(DomainWorker::close);
        workers.clear();
    }
}
