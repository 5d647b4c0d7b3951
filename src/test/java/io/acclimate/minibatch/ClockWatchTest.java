package io.acclimate.minibatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private final ClockWatch clock = new ClockWatch(1_000);

    @Test
    void aClockThatStandsStillOrRunsDidNotGoBack() {
        assertThat(clock.wentBack(1_000)).isFalse();
        assertThat(clock.wentBack(1_001)).isFalse();
        assertThat(clock.latestMillis()).isEqualTo(1_001);
    }

    @Test
    void aStepBackIsNoticedOnce() {
        assertThat(clock.wentBack(400)).isTrue();
        assertThat(clock.wentBack(400)).isFalse();
        assertThat(clock.latestMillis()).isEqualTo(400);
    }
}
