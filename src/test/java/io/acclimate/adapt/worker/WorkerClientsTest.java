package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.Membership;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.BiasModel;
import io.acclimate.wire.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerClientsTest {
    private static final AdaptSettings SETTINGS = AdaptSettings.defaults().withMembership(new Membership("adapt", "a"));
    private static final List<String> CLOSED = new CopyOnWriteArrayList<>();

    /** Sits in each consumer, and tells which were closed. The one that reads without regard to transactions cannot be opened. */
    public static final class Witness implements ConsumerInterceptor<byte[], byte[]> {
        private String client = "";

        @Override
        public void configure(Map<String, ?> configs) {
            client = String.valueOf(configs.get("client.id"));
            if (client.endsWith("read_uncommitted")) {
                throw new IllegalArgumentException("this client does not open");
            }
        }

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {
            CLOSED.add(client);
        }
    }

    @BeforeEach
    void forget() {
        CLOSED.clear();
    }

    @Test
    void aSecondClientThatDoesNotOpenClosesTheFirst() throws Exception {
        Map<String, Object> client =
                Map.of("bootstrap.servers", "localhost:1", "interceptor.classes", Witness.class.getName());
        try (BaseModel model = new BaseModel(BiasModel.graph(), SETTINGS.train())) {
            SampleDecoder decoder = new SampleDecoder(model, new ImageDecoder(ImageLimits.defaults()));

            assertThatThrownBy(() -> Restorer.open(client, Topics.DEFAULT, decoder))
                    .hasRootCauseMessage("this client does not open");
        }
        assertThat(CLOSED).contains("acclimate-adapt-restore-read_committed");
    }

    @Test
    void theWorkersConsumerHasTheNameOfItsInstanceAndIsStaticInItsGroup() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                WorkerClients.consumer(Map.of("bootstrap.servers", "localhost:1"), SETTINGS)) {
            assertThat(consumer.groupMetadata().groupId()).isEqualTo("adapt");
            assertThat(consumer.groupMetadata().groupInstanceId()).hasValue("adapt-a");
        }
    }
}
