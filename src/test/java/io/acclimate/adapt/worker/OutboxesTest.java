package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.Test;

class OutboxesTest {
    private final Map<Integer, MockProducer<byte[], byte[]>> producers = new ConcurrentHashMap<>();

    private Outbox open(int partition) {
        MockProducer<byte[], byte[]> producer = new MockProducer<>();
        producers.put(partition, producer);
        return new Outbox(producer, () -> true, () -> {});
    }

    @Test
    void opensAllAtOnce() throws Exception {
        CyclicBarrier all = new CyclicBarrier(4);
        try (Outboxes outboxes = new Outboxes(List.of(0, 1, 2, 3), partition -> {
            try {
                all.await(90, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException("the others were not opened meanwhile", e);
            }
            return open(partition);
        })) {
            for (int partition = 0; partition < 4; partition++) {
                outboxes.take(partition);
            }
        }
        assertThat(producers.values()).hasSize(4).noneMatch(MockProducer::closed);
    }

    @Test
    void whenOneIsFencedTheCallerLearnsWhyAndThoseNotTakenAreClosed() {
        assertThatThrownBy(() -> {
                    try (Outboxes outboxes = new Outboxes(List.of(0, 1, 2), partition -> {
                        if (partition == 1) {
                            throw new ProducerFencedException("another owner");
                        }
                        return open(partition);
                    })) {
                        outboxes.take(0);
                        outboxes.take(1);
                    }
                })
                .isInstanceOf(ProducerFencedException.class);
        assertThat(producers)
                .hasEntrySatisfying(0, taken -> assertThat(taken.closed()).isFalse());
        assertThat(producers)
                .hasEntrySatisfying(2, left -> assertThat(left.closed()).isTrue());
    }
}
