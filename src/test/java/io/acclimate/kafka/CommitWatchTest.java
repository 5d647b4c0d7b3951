package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class CommitWatchTest {
    private final AtomicLong nanos = new AtomicLong();
    private final CommitWatch watch = new CommitWatch(nanos::get);

    private void pass(long seconds) {
        nanos.addAndGet(seconds * 1_000_000_000);
    }

    @Test
    void aCommitIsLateAfterTenSecondsAndNotBeforeAndNotAfterItsAnswer() {
        watch.during(() -> {
            pass(10);
            assertThat(watch.late()).isEmpty();
            pass(2);
            assertThat(watch.late())
                    .hasValueSatisfying(text -> assertThat(text).contains("12 s ago", "min.insync.replicas"));
        });

        assertThat(watch.late()).isEmpty();
    }

    @Test
    void aCommitThatFailedIsNotWaitedFor() {
        assertThatThrownBy(() -> watch.during(() -> {
                    pass(60);
                    throw new TimeoutException("no answer");
                }))
                .isInstanceOf(TimeoutException.class);

        assertThat(watch.late()).isEmpty();
    }

    @Test
    void timeBetweenCommitsDoesNotCount() {
        watch.during(() -> pass(5));
        pass(60);
        watch.during(() -> {
            pass(5);
            assertThat(watch.late()).isEmpty();
        });
    }

    @Test
    void theThreadThatHasWaitedLongestCounts() {
        watch.during(() -> {
            pass(30);
            Thread other = new Thread(() -> watch.during(() -> pass(1)));
            other.start();
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(watch.late()).hasValueSatisfying(text -> assertThat(text).contains("31 s ago"));
        });
    }
}
