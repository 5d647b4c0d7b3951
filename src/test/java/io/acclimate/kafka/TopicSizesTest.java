package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TopicSizesTest {
    private static LogDirDescription folder(Map<TopicPartition, ReplicaInfo> replicas) {
        return new LogDirDescription(null, replicas);
    }

    private static ReplicaInfo bytes(long size) {
        return new ReplicaInfo(size, 0, false);
    }

    @Test
    void sizeOfATopicIsThatOfItsPartitionsInAllFoldersOfAllBrokers() {
        TopicPartition first = new TopicPartition("model-weights", 0);
        TopicPartition second = new TopicPartition("model-weights", 1);
        TopicPartition other = new TopicPartition("somebody-elses", 0);

        var sizes = TopicSizes.sum(
                List.of(
                        Map.of(
                                "/a",
                                folder(Map.of(first, bytes(10), other, bytes(5))),
                                "/b",
                                folder(Map.of(second, bytes(3)))),
                        Map.of("/a", folder(Map.of(first, bytes(10))))),
                "model-weights"::equals);

        assertThat(sizes).isEqualTo(Map.of("model-weights", 23L));
    }
}
