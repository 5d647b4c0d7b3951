package io.acclimate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WatchedThreadTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void hasItsOwnersHealthWhileItRunsAndAfterItReturned() {
        CountDownLatch release = new CountDownLatch(1);
        WatchedThread thread = new WatchedThread("works", () -> await(release));
        assertThat(thread.health(Health.READY)).isEqualTo(Health.READY);

        thread.start();
        assertThat(thread.health(Health.notReady("a broker"))).isEqualTo(Health.notReady("a broker"));
        release.countDown();

        assertThat(thread.join(LIMIT)).isTrue();
        assertThat(thread.health(Health.READY)).isEqualTo(Health.READY);
    }

    @Test
    void anExceptionMakesItsOwnerNotReadyWithTheReason() {
        WatchedThread thread = new WatchedThread("fails", () -> {
            throw new IllegalStateException("a bug");
        });

        thread.start();

        assertThat(thread.join(LIMIT)).isTrue();
        assertThat(thread.health(Health.READY))
                .isEqualTo(Health.notReady(
                        "a restart, because thread fails has ended: java.lang.IllegalStateException: a bug"));
    }

    @Test
    void anErrorMakesItsOwnerNotReadyToo() {
        WatchedThread thread = new WatchedThread("fails", () -> {
            throw new UnsatisfiedLinkError("no library");
        });

        thread.start();

        assertThat(thread.join(LIMIT)).isTrue();
        assertThat(thread.health(Health.READY)).isInstanceOf(Health.NotReady.class);
    }

    @Test
    void joiningSaysThatTheThreadStillRunsAndAnInterruptEndsItsWait() {
        CountDownLatch never = new CountDownLatch(1);
        WatchedThread thread = new WatchedThread("waits", () -> await(never));
        thread.start();
        assertThat(thread.join(Duration.ofMillis(1))).isFalse();

        thread.interrupt();

        assertThat(thread.join(LIMIT)).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
