package io.acclimate.wire;

import io.acclimate.core.DomainId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** The partition of a domain's records on every topic that is partitioned by domain: Kafka's default for the domain as key. */
public final class Partitions {
    private Partitions() {}

    public static int ofDomain(DomainId domain, int partitions) {
        return ofKey(domain.value().getBytes(StandardCharsets.UTF_8), partitions);
    }

    public static int ofKey(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
