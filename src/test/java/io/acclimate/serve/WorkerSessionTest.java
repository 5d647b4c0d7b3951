package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.telemetry.Telemetry;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The pair of clients is opened and closed as one. What is forced on them is ClientPropertiesTest's. */
class WorkerSessionTest {
    @Test
    void aConsumerIsClosedWhenTheProducerBesideItCannotBeOpened() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        try (Telemetry telemetry = Telemetry.inMemory()) {
            assertThatThrownBy(() -> WorkerSession.open(
                            pair(consumer, () -> {
                                throw new KafkaException("no producer");
                            }),
                            Delivery.EXACTLY_ONCE,
                            () -> true,
                            telemetry))
                    .isInstanceOf(KafkaException.class)
                    .hasMessage("no producer");
        }

        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void aProducerThatFailsToCloseKeepsTheConsumerFromStayingOpen() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        MockProducer<byte[], byte[]> producer = WorkerFixture.plainProducer();
        producer.closeException = new KafkaException("the network is gone");
        try (Telemetry telemetry = Telemetry.inMemory()) {
            WorkerSession session =
                    WorkerSession.open(pair(consumer, () -> producer), Delivery.AT_LEAST_ONCE, () -> true, telemetry);

            assertThatThrownBy(session::close)
                    .isInstanceOf(KafkaException.class)
                    .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(producer.closeException));
            session.close();
        }

        assertThat(consumer.closed()).isTrue();
    }

    private interface Opening {
        Producer<byte[], byte[]> producer();
    }

    private static WorkerClients pair(Consumer<byte[], byte[]> consumer, Opening opening) {
        return new WorkerClients() {
            @Override
            public Consumer<byte[], byte[]> consumer() {
                return consumer;
            }

            @Override
            public Producer<byte[], byte[]> producer() {
                return opening.producer();
            }

            @Override
            public void takeOver(Collection<TopicPartition> images) {}
        };
    }
}
