package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private final AtomicLong now = new AtomicLong();
    private final Patience patience = new Patience(Duration.ofNanos(10), now::get);

    @Test
    void lastsWhileLessIsLeftEachTimeHoweverLongItTakes() {
        for (int left = 100; left > 0; left--) {
            now.addAndGet(9);
            assertThat(patience.lasts(left)).isTrue();
        }
    }

    @Test
    void endsWhenAsMuchIsLeftForTooLong() {
        assertThat(patience.lasts(3)).isTrue();
        now.set(9);
        assertThat(patience.lasts(3)).isTrue();
        now.set(10);

        assertThat(patience.lasts(3)).isFalse();
    }

    /** Work that undoes itself would be waited for without end. */
    @Test
    void aLowThatWasReachedBeforeIsNoProgress() {
        assertThat(patience.lasts(3)).isTrue();
        now.set(6);
        assertThat(patience.lasts(5)).isTrue();
        now.set(12);

        assertThat(patience.lasts(3)).isFalse();
    }

    @Test
    void beginsBeforeTheFirstLook() {
        now.set(10);

        assertThat(patience.lasts(3)).as("the first look is a new low").isTrue();
    }
}
