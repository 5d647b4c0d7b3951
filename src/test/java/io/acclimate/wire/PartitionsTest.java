package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.DomainId;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class PartitionsTest {
    @Test
    void aDomainsRecordsGoWhereKafkaSendsItsKey() {
        assertThat(IntStream.range(0, 200).mapToObj(each -> "camera-" + each))
                .allSatisfy(name -> assertThat(Partitions.ofDomain(new DomainId(name), 7))
                        .isEqualTo(BuiltInPartitioner.partitionForKey(name.getBytes(StandardCharsets.UTF_8), 7)));
    }

    @Test
    void domainsAreSpreadOverAllPartitions() {
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            used.add(Partitions.ofDomain(new DomainId("camera-" + i), 4));
        }
        assertThat(used).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void aHashBelowZeroIsNoPartitionBelowZero() {
        assertThat(IntStream.range(0, 1_000).mapToObj(each -> new byte[] {(byte) each, (byte) (each >> 8)}))
                .allSatisfy(key -> assertThat(Partitions.ofKey(key, 3)).isBetween(0, 2));
    }
}
