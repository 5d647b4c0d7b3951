package io.acclimate.adapt.worker;

import io.acclimate.core.DomainId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;

/**
 * How far a pass over the domains of a partition has come. Mini-batches are learnt from between two domains; those that come after the
 * pass has begun are not the pass's, so a domain that appears later need not be in it. The worker's thread only.
 */
final class UnderwayPass {
    private final long position;
    private final int domains;
    private final Queue<DomainId> left;
    private int written;

    /** @param position of the partition's next mini-batch when the pass began */
    UnderwayPass(long position, Collection<DomainId> domains) {
        this.position = position;
        this.domains = domains.size();
        this.left = new ArrayDeque<>(domains);
    }

    long position() {
        return position;
    }

    /** The next domain, which counts as visited then; empty when all were. */
    Optional<DomainId> next() {
        return Optional.ofNullable(left.poll());
    }

    boolean isComplete() {
        return left.isEmpty();
    }

    void wrote() {
        written++;
    }

    int written() {
        return written;
    }

    int domains() {
        return domains;
    }
}
