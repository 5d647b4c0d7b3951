package io.acclimate.minibatch;

import io.acclimate.core.DomainId;
import java.util.HashMap;
import java.util.Map;

/**
 * A token bucket for each producer of labels: it holds {@code burst} tokens, a label takes one, and {@code perSecond} come back.
 * Kafka tells a consumer nothing of who produced a record, so a producer is a domain and what its records say in the header
 * {@code source}. Sources are made up freely, so beyond {@value #MAX_SOURCES} of a domain the others share one bucket: a
 * domain never gets more than that many rates. Time is the processor's clock, never the record's, which its writer chooses; when
 * it goes back nothing comes back until it has caught up. Buckets are in memory: a restart fills them. One thread.
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

    /** True when the producer may send one more label now. */
    boolean takes(DomainId domain, String source, long nowMillis) {
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
