package io.acclimate.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.card.ModelCard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SessionSlotTest {
    private static final FloatTensor BATCH = FloatTensor.wrap(Shape.of(1, 1), new float[] {1});

    private final LiveSessions live = new LiveSessions();
    private final SessionSlot slot = new SessionSlot(live);

    @Test
    void closesOldSessionOnlyAfterLastLease() {
        FakeScorer old = new FakeScorer();
        FakeScorer next = new FakeScorer();
        slot.swap(version(0), old);
        Lease first = slot.acquire().orElseThrow();
        Lease second = slot.acquire().orElseThrow();

        slot.swap(version(1), next);

        assertThat(live.count()).isEqualTo(2);
        first.close();
        first.close();
        assertThat(old.closed).isFalse();
        assertThat(second.run(BATCH)).isEqualTo(BATCH);
        second.close();
        assertThat(old.closed).isTrue();
        assertThat(next.closed).isFalse();
        assertThat(live.count()).isEqualTo(1);
        assertThatThrownBy(() -> second.run(BATCH)).isInstanceOf(IllegalStateException.class);
    }

    /** Each number is a step: 0 swaps, 1 takes a lease, 2 gives the oldest back, 3 retires. The model is a plain list. */
    @Property(tries = 300)
    void liveSessionsAreThoseServedOrLeased(@ForAll List<Byte> steps) {
        LiveSessions count = new LiveSessions();
        SessionSlot under = new SessionSlot(count);
        List<Lease> leases = new ArrayList<>();
        long number = 0;
        for (byte step : steps) {
            switch (step & 3) {
                case 0 -> under.swap(version(number++), new FakeScorer());
                case 1 -> under.acquire().ifPresent(leases::add);
                case 2 -> {
                    if (!leases.isEmpty()) {
                        leases.remove(0).close();
                    }
                }
                default -> under.retire();
            }
            List<VersionId> held =
                    new ArrayList<>(leases.stream().map(Lease::version).toList());
            under.version().ifPresent(held::add);
            assertThat(count.count()).isEqualTo((int) held.stream().distinct().count());
        }
        leases.forEach(Lease::close);
        under.close();
        assertThat(count.count()).isZero();
    }

    @Test
    void survivesSwapsUnderLoad() throws InterruptedException, ExecutionException {
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicInteger runs = new AtomicInteger();
        slot.swap(version(0), new FakeScorer());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> borrowers = new ArrayList<>();
        CountDownLatch borrowing = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            borrowers.add(threads.submit(() -> {
                while (running.get()) {
                    try (Lease lease = slot.acquire().orElseThrow()) {
                        lease.run(BATCH);
                        runs.incrementAndGet();
                    }
                    borrowing.countDown();
                }
            }));
        }

        assertThat(borrowing.await(90, TimeUnit.SECONDS)).isTrue();
        for (int number = 1; number <= 20_000; number++) {
            slot.swap(version(number), new FakeScorer());
        }
        running.set(false);

        for (Future<?> borrower : borrowers) {
            borrower.get();
        }
        threads.shutdown();
        assertThat(runs.get()).isPositive();
        assertThat(live.count()).isEqualTo(1);
        slot.close();
        assertThat(live.count()).isZero();
    }

    private static VersionId version(long number) {
        return new VersionId(DomainId.DEFAULT, number);
    }

    /** Fails as loudly as it can where a native session would kill the JVM. */
    private static final class FakeScorer implements Scorer {
        private final AtomicInteger running = new AtomicInteger();
        private volatile boolean closed;

        @Override
        public FloatTensor run(FloatTensor batch) {
            running.incrementAndGet();
            if (closed) {
                throw new IllegalStateException("ran after close");
            }
            running.decrementAndGet();
            return batch;
        }

        @Override
        public ModelCard card() {
            return BiasModel.graph().card();
        }

        @Override
        public void close() {
            if (closed || running.get() > 0) {
                throw new IllegalStateException("closed twice or while running");
            }
            closed = true;
        }
    }
}
