package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.broker.TestBroker;
import io.acclimate.wire.Topics;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GroupLagIT {
    @Test
    void sumsWhatAGroupHasNotCommittedOfTheTopicsThatItReads() throws Exception {
        Topics topics = TestBroker.uniqueTopics();
        TestBroker.createTopics(topics);
        ClientProperties properties = ClientProperties.of(TestBroker.clientProperties());
        String group = topics.prefix() + "group";
        try (Producer<byte[], byte[]> producer = properties.openProducer();
                Admin admin = properties.openAdmin()) {
            for (int i = 0; i < 5; i++) {
                producer.send(new ProducerRecord<>(topics.images(), 0, null, new byte[1]))
                        .get();
                producer.send(new ProducerRecord<>(topics.images(), 1, null, new byte[1]))
                        .get();
            }
            assertThat(GroupLag.of(admin, group)).as("it has committed nothing").isEmpty();

            admin.alterConsumerGroupOffsets(
                            group,
                            Map.of(
                                    new TopicPartition(topics.images(), 0), new OffsetAndMetadata(2),
                                    new TopicPartition(topics.images(), 1), new OffsetAndMetadata(5),
                                    new TopicPartition(topics.labels(), 0), new OffsetAndMetadata(0)))
                    .all()
                    .get();

            assertThat(GroupLag.of(admin, group)).isEqualTo(Map.of(topics.images(), 3L, topics.labels(), 0L));
        }
    }
}
