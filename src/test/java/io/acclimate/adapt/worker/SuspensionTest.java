package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.MockProducer;
import org.junit.jupiter.api.Test;

class SuspensionTest {
    private static final long BEGUN = Long.MAX_VALUE - 5;

    private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
    private final CountDownLatch broker = new CountDownLatch(1);

    /** Opens nothing before the broker answers. */
    private Outboxes outboxes(List<Integer> partitions) {
        return new Outboxes(partitions, partition -> {
            try {
                broker.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            MockProducer<byte[], byte[]> producer = new MockProducer<>();
            producers.add(producer);
            return new Outbox(producer, () -> true, () -> {});
        });
    }

    @Test
    void pausesDoubleUpToHalfAMinuteAndStayAsTheyAreWhileNoBrokerAnswers() {
        Suspension suspension = Suspension.first(3, "denied", 0);
        List<Long> seconds = new ArrayList<>();
        for (int failure = 0; failure < 7; failure++) {
            seconds.add(suspension.pause().toSeconds());
            suspension = suspension.again("no answer", 0).longer("denied", 0);
        }
        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
        assertThat(suspension.partition()).isEqualTo(3);
    }

    @Test
    void isOverAfterThePauseOnceTheOutboxIsOpenAndWaitsForNeither() {
        Suspension suspension = Suspension.first(3, "denied", BEGUN);
        // The clock's origin is arbitrary, and it may run over its end.
        long after = BEGUN + Duration.ofSeconds(1).toNanos();
        assertThat(suspension.isOver(after, this::outboxes)).isFalse();
        broker.countDown();
        await().until(() -> suspension.isOver(after, this::outboxes));
        assertThat(suspension.isOver(after - 1, this::outboxes)).isFalse();
        suspension.take().close();
        suspension.close();
        assertThat(producers).hasSize(1);
    }

    @Test
    void anOutboxThatIsOpenedAfterThePartitionWasGivenUpIsClosed() {
        Suspension suspension = Suspension.first(3, "no answer", BEGUN);
        suspension.open(this::outboxes);
        broker.countDown();
        suspension.close();
        assertThat(producers).singleElement().matches(MockProducer::closed);
    }
}
