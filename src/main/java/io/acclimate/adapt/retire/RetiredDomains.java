package io.acclimate.adapt.retire;

import io.acclimate.core.DomainId;
import io.acclimate.wire.v1.Retirement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The retired domains of one partition, and what must be known to remove the others. One thread. */
public final class RetiredDomains {
    private final Map<DomainId, Headstone> headstones = new HashMap<>();
    /** How many parts the snapshots of a domain may have on the topic of states, at most. */
    private final Map<DomainId, Integer> parts = new HashMap<>();

    private long before;

    /** A domain was retired, now or before a restart. */
    public void add(Headstone headstone) {
        headstones.put(headstone.domain(), headstone);
        parts.put(headstone.domain(), 1);
        saw(headstone.retirement());
    }

    /** A domain that learns was retired once: what it had by then may not be deleted from the topic of mini-batches yet. */
    public void saw(Retirement earlier) {
        before = Math.max(before, earlier.getBefore());
    }

    public Optional<Headstone> of(DomainId domain) {
        return Optional.ofNullable(headstones.get(domain));
    }

    /** Empty when the domain was not retired; else what is left of it, which a worker begins anew with from now on. */
    public Optional<Headstone> take(DomainId domain) {
        return Optional.ofNullable(headstones.remove(domain));
    }

    /** Mini-batches of a retired domain may be before this offset; 0 when there are none. */
    public long before() {
        return before;
    }

    /** A snapshot of the domain has so many parts on the topic of states, or had them. */
    public void sawParts(DomainId domain, int count) {
        parts.merge(domain, count, Math::max);
    }

    int parts(DomainId domain) {
        return parts.getOrDefault(domain, 0);
    }
}
