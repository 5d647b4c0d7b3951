package io.acclimate.wire;

import io.acclimate.core.DomainId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** Where a domain's records go, on every topic that is partitioned by domain: what Kafka's default does with the domain as key. */
public final class Partitions {
    private Partitions() {}

    public static int ofDomain(DomainId domain, int partitions) {
        return ofKey(domain.value().getBytes(StandardCharsets.UTF_8), partitions);
    }

    public static int ofKey(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
