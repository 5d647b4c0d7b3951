package io.acclimate.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private final AtomicLong nanos = new AtomicLong();
    private final List<String> missing = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private final Waiting waiting = new Waiting(() -> List.copyOf(missing), said::add, nanos::get);

    private void lookFor(int seconds) {
        for (int i = 0; i < seconds; i++) {
            waiting.look();
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
    }

    @Test
    void whatIsWaitedForIsSaidAfterThreeSecondsAndThenEveryTen() {
        missing.add("serve: partitions");

        lookFor(24);

        assertThat(said).hasSize(3).containsOnly("not ready, waiting for serve: partitions");
    }

    @Test
    void aQuickStartSaysOnlyThatItIsReady() {
        missing.add("serve: partitions");
        lookFor(2);
        missing.clear();

        lookFor(60);

        assertThat(said).containsExactly("ready");
    }

    @Test
    void aLossOfReadinessAndItsEndAreSaid() {
        lookFor(5);
        missing.add("serve: Kafka");
        lookFor(5);
        missing.clear();

        lookFor(5);

        assertThat(said).containsExactly("ready", "not ready, waiting for serve: Kafka", "ready");
    }
}
