package io.acclimate.minibatch;

import io.acclimate.core.DomainId;
import java.util.HashMap;
import java.util.Map;

/**
 * A token bucket for each producer of labels. A bucket holds at most {@code burst} tokens, each label takes one, and {@code perSecond}
 * tokens are added each second. Kafka does not tell a consumer who produced a record, so a producer is a domain together with the
 * header {@code source} of its records. Anyone can make up sources, so from source {@value #MAX_SOURCES} on, all further sources of a
 * domain share one bucket: a domain never gets more rates than that. The time is of the processor's clock and never the record's,
 * which its writer chooses. After the clock went back no tokens are added until it has caught up. Buckets are in memory only: a
 * restart fills them. One thread.
 */
final class RateLimit {
    static final int MAX_SOURCES = 16;
    private static final String OTHERS = "\u0000others";

    private final LabelLimits limits;
    private final Map<DomainId, Map<String, Bucket>> buckets = new HashMap<>();

    RateLimit(LabelLimits limits) {
        this.limits = limits;
    }

    private static final class Bucket {
        private double tokens;
        private long atMillis;

        Bucket(double tokens, long atMillis) {
            this.tokens = tokens;
            this.atMillis = atMillis;
        }
    }

    /** Frees the domain's buckets. */
    void forget(DomainId domain) {
        buckets.remove(domain);
    }

    /** Takes a token for one label of the producer; false when the bucket is empty. */
    boolean tryAcquire(DomainId domain, String source, long nowMillis) {
        if (limits.perSecond() == 0) {
            return true;
        }
        Map<String, Bucket> ofDomain = buckets.computeIfAbsent(domain, key -> new HashMap<>());
        String name = ofDomain.containsKey(source) || ofDomain.size() < MAX_SOURCES ? source : OTHERS;
        Bucket bucket = ofDomain.computeIfAbsent(name, key -> new Bucket(limits.burst(), nowMillis));
        long passed = Math.max(0, nowMillis - bucket.atMillis);
        bucket.tokens = Math.min(limits.burst(), bucket.tokens + passed * limits.perSecond() / 1e3);
        bucket.atMillis = Math.max(bucket.atMillis, nowMillis);
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }
}
