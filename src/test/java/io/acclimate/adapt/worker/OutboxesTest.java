package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.acclimate.kafka.CommitWatch;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
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
        return new Outbox(producer, () -> true, new CommitWatch(), () -> {});
    }

    @Test
    void opensAllAtOnce() {
        CyclicBarrier all = new CyclicBarrier(4);
        Outboxes.Opener whenAllAreBegun = partition -> {
            try {
                all.await(90, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException("the others were not opened meanwhile", e);
            }
            return open(partition);
        };
        try (Outboxes outboxes = new Outboxes(whenAllAreBegun)) {
            for (int partition = 0; partition < 4; partition++) {
                outboxes.begin(partition);
            }

            for (int partition = 0; partition < 4; partition++) {
                outboxes.take(partition);
            }
        }
        assertThat(producers.values()).hasSize(4).noneMatch(MockProducer::closed);
    }

    @Test
    void isDoneOnceTheBrokerHasAnsweredAndNotBefore() {
        CountDownLatch broker = new CountDownLatch(1);
        try (Outboxes outboxes = new Outboxes(partition -> {
            try {
                broker.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return open(partition);
        })) {
            assertThat(outboxes.isDone(3)).isFalse();
            outboxes.begin(3);
            assertThat(outboxes.isDone(3)).isFalse();

            broker.countDown();

            await().until(() -> outboxes.isDone(3));
            outboxes.take(3).close();
        }
    }

    @Test
    void whenOneIsFencedTheCallerLearnsWhyAndThoseNotTakenAreClosed() {
        try (Outboxes outboxes = new Outboxes(partition -> {
            if (partition == 1) {
                throw new ProducerFencedException("another owner");
            }
            return open(partition);
        })) {
            outboxes.begin(0);
            outboxes.begin(1);
            outboxes.begin(2);
            outboxes.take(0);

            assertThatThrownBy(() -> outboxes.take(1)).isInstanceOf(ProducerFencedException.class);
        }
        assertThat(producers)
                .hasEntrySatisfying(0, taken -> assertThat(taken.closed()).isFalse());
        assertThat(producers)
                .hasEntrySatisfying(2, left -> assertThat(left.closed()).isTrue());
    }

    @Test
    void beginsOncePerPartitionUntilItIsTaken() {
        try (Outboxes outboxes = new Outboxes(this::open)) {
            outboxes.begin(3);
            outboxes.begin(3);
            Outbox first = outboxes.take(3);

            outboxes.begin(3);

            assertThat(outboxes.take(3)).isNotSameAs(first);
        }
    }

    @Test
    void oneThatIsGivenUpIsClosedWhenItOpens() {
        try (Outboxes outboxes = new Outboxes(this::open)) {
            outboxes.begin(3);

            outboxes.giveUp(3);

            assertThat(producers.get(3)).matches(MockProducer::closed);
            assertThat(outboxes.isDone(3)).isFalse();
        }
    }

    @Test
    void whatWasNotBegunCannotBeTaken() {
        try (Outboxes outboxes = new Outboxes(this::open)) {
            assertThatThrownBy(() -> outboxes.take(7))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("partition 7");
        }
    }
}
