package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** How a worker's clients are configured, and that a pair of them is opened and closed as one. */
class ServeClientsTest {
    private static final ServeSettings SETTINGS =
            ServeSettings.defaults().withGroup("g").withInstance("i").withMaxPollRecords(77);

    @Test
    void whatTheGuaranteesNeedCannotBeOverridden() {
        ServeClients clients = clients(
                Map.of(
                        "isolation.level", "read_uncommitted",
                        "enable.auto.commit", true,
                        "allow.auto.create.topics", true,
                        "group.id", "other",
                        "acks", "0",
                        "enable.idempotence", false,
                        "transactional.id", "other"),
                Delivery.EXACTLY_ONCE);

        assertThat(clients.consumerProperties())
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("allow.auto.create.topics", false)
                .containsEntry("group.id", "g")
                .containsEntry("max.poll.records", 77)
                .doesNotContainKey("transactional.id");
        assertThat(clients.producerProperties())
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("transactional.id", "g-i-2");
    }

    @Test
    void whatOnlyTunesCan() {
        ServeClients clients = clients(
                Map.of("auto.offset.reset", "latest", "linger.ms", 1, "compression.type", "zstd", "batch.size", 10),
                Delivery.EXACTLY_ONCE);

        assertThat(clients.consumerProperties()).containsEntry("auto.offset.reset", "latest");
        assertThat(clients.producerProperties())
                .containsEntry("linger.ms", 1)
                .containsEntry("compression.type", "zstd")
                .containsEntry("batch.size", 10);
    }

    @Test
    void atLeastOnceHasNoTransactionalId() {
        assertThat(clients(Map.of("transactional.id", "other"), Delivery.AT_LEAST_ONCE)
                        .producerProperties())
                .doesNotContainKey("transactional.id")
                .containsEntry("enable.idempotence", true);
    }

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

    private static ServeClients clients(Map<String, Object> given, Delivery delivery) {
        return new ServeClients(given, Topics.DEFAULT, SETTINGS.withDelivery(delivery), 2);
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
