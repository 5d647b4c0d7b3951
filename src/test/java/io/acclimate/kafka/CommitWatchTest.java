package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.acclimate.telemetry.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CommitWatchTest {
    private final AtomicLong nanos = new AtomicLong();
    private final CommitWatch watch = new CommitWatch(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void isNotReadyWhileACommitTakesLongerThanSomeSeconds() {
        List<Health> during = new ArrayList<>();

        watch.during(() -> {
            pass(CommitWatch.LIMIT);
            during.add(watch.health(Health.READY));
            pass(Duration.ofSeconds(1));
            during.add(watch.health(Health.READY));
        });

        assertThat(during.get(0)).isEqualTo(Health.READY);
        assertThat(during.get(1)).isInstanceOfSatisfying(Health.NotReady.class, it -> assertThat(it.waitingFor())
                .contains("11 s"));
        assertThat(watch.health(Health.READY)).isEqualTo(Health.READY);
    }

    @Test
    void tellsHowLongAgoTheLastCommitEnded() {
        pass(Duration.ofSeconds(3));
        assertThat(watch.sinceLast()).as("since it began").isEqualTo(Duration.ofSeconds(3));

        watch.during(() -> pass(Duration.ofSeconds(5)));
        assertThat(watch.sinceLast()).isZero();
        pass(Duration.ofSeconds(2));

        assertThat(watch.sinceLast()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void countsTheOldestOfSeveralCommits() {
        List<Health> during = new ArrayList<>();

        watch.during(() -> {
            pass(Duration.ofSeconds(11));
            watch.during(() -> during.add(watch.health(Health.READY)));
            during.add(watch.health(Health.READY));
        });

        assertThat(during).allMatch(Health.NotReady.class::isInstance);
    }

    @Test
    void forgetsACommitThatFails() {
        Throwable thrown = catchThrowable(() -> watch.during(() -> {
            throw new IllegalStateException("fenced");
        }));
        pass(Duration.ofMinutes(1));

        assertThat(thrown).hasMessage("fenced");
        assertThat(watch.health(Health.READY)).isEqualTo(Health.READY);
    }

    @Test
    void keepsWhatTheRoleSaysOfItself() {
        Health own = Health.notReady("its topics");
        List<Health> during = new ArrayList<>();

        watch.during(() -> {
            pass(Duration.ofMinutes(1));
            during.add(watch.health(own));
        });

        assertThat(during).containsExactly(own);
    }
}
