package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TopicPartitionsTest {
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

    @Test
    void areThoseThatTheBrokerNames() {
        Node[] none = new Node[0];
        consumer.updatePartitions(
                "labels",
                List.of(
                        new PartitionInfo("labels", 0, Node.noNode(), none, none),
                        new PartitionInfo("labels", 1, Node.noNode(), none, none)));

        assertThat(TopicPartitions.of(consumer, "labels"))
                .containsExactly(new TopicPartition("labels", 0), new TopicPartition("labels", 1));
        assertThat(TopicPartitions.count(consumer, "labels")).isEqualTo(2);
    }

    @Test
    void aMissingTopicIsNamedAndMayBeAskedForAgain() {
        assertThatThrownBy(() -> TopicPartitions.of(consumer, "labels"))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("topic labels does not exist");
    }
}
