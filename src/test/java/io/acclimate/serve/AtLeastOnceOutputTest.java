package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class AtLeastOnceOutputTest {
    private static final TopicPartition ZERO = new TopicPartition("images", 0);
    private static final TopicPartition ONE = new TopicPartition("images", 1);

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private boolean rebalancing;
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            if (rebalancing) {
                throw new RebalanceInProgressException("the group rebalances");
            }
            super.commitSync(offsets);
        }
    };
    private final AtLeastOnceOutput output = new AtLeastOnceOutput(producer, consumer);

    @Test
    void offsetsAreCommittedAfterEveryRecordIsAcknowledged() {
        consumer.assign(List.of(ZERO));
        output.open();
        output.begin();
        output.send(new ProducerRecord<>("predictions", new byte[1]));

        output.commit(Map.of(ZERO, new OffsetAndMetadata(1)), consumer.groupMetadata());

        assertThat(producer.flushed()).isTrue();
        assertThat(committed(ZERO)).isEqualTo(1);
    }

    @Test
    void aRecordThatTheBrokerDoesNotTakeKeepsTheOffsetsBack() {
        consumer.assign(List.of(ZERO));
        output.begin();
        output.send(new ProducerRecord<>("predictions", new byte[1]));
        producer.errorNext(new RecordTooLargeException("2 MB"));

        assertThatThrownBy(() -> output.commit(Map.of(ZERO, new OffsetAndMetadata(1)), consumer.groupMetadata()))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("2 MB")
                .hasCauseInstanceOf(RecordTooLargeException.class);

        assertThat(committed(ZERO)).isEqualTo(-1);
    }

    @Test
    void aFailureOfTheBatchBeforeIsNotHeldAgainstTheNext() {
        consumer.assign(List.of(ZERO));
        output.begin();
        output.send(new ProducerRecord<>("predictions", new byte[1]));
        producer.errorNext(new RecordTooLargeException("2 MB"));
        output.abort();

        output.begin();
        output.commit(Map.of(ZERO, new OffsetAndMetadata(2)), consumer.groupMetadata());

        assertThat(committed(ZERO)).isEqualTo(2);
    }

    @Test
    void offsetsThatMetARebalanceAreCommittedWithTheNextOnes() {
        consumer.assign(List.of(ZERO, ONE));
        output.begin();
        rebalancing = true;
        output.commit(Map.of(ZERO, new OffsetAndMetadata(5)), consumer.groupMetadata());
        assertThat(committed(ZERO)).isEqualTo(-1);

        rebalancing = false;
        output.begin();
        output.commit(Map.of(ONE, new OffsetAndMetadata(7)), consumer.groupMetadata());

        assertThat(committed(ZERO)).isEqualTo(5);
        assertThat(committed(ONE)).isEqualTo(7);
    }

    @Test
    void offsetsOfAPartitionThatTheRebalanceTookAwayAreForgotten() {
        consumer.assign(List.of(ZERO, ONE));
        output.begin();
        rebalancing = true;
        output.commit(Map.of(ZERO, new OffsetAndMetadata(5)), consumer.groupMetadata());

        rebalancing = false;
        consumer.assign(List.of(ONE));
        output.begin();
        output.commit(Map.of(ONE, new OffsetAndMetadata(7)), consumer.groupMetadata());

        assertThat(committed(ZERO)).isEqualTo(-1);
        assertThat(committed(ONE)).isEqualTo(7);
        output.close();
        assertThat(producer.closed()).isTrue();
    }

    private long committed(TopicPartition partition) {
        OffsetAndMetadata offset = consumer.committed(Set.of(partition)).get(partition);
        return offset == null ? -1 : offset.offset();
    }
}
