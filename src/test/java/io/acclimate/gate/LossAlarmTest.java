package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LossAlarmTest {
    @Test
    void soundsSoonAfterAModelFallsBehindHoweverGoodItWasBefore() {
        LossAlarm alarm = new LossAlarm();
        for (int i = 0; i < 10_000; i++) {
            alarm.see(-1);
        }

        int until = 0;
        while (!alarm.sounds()) {
            alarm.see(i(until++));
        }

        assertThat(until).isBetween(25, 60);
    }

    /** Every second sample is lost. */
    private static double i(int index) {
        return index % 2;
    }

    @Test
    void staysSilentWhileModelsAreAlike() {
        SplittableRandom random = new SplittableRandom(3);
        LossAlarm alarm = new LossAlarm();

        for (int i = 0; i < 5_000; i++) {
            alarm.see(random.nextInt(3) - 1);
            assertThat(alarm.sounds()).isFalse();
        }
    }

    @Test
    void oneLossIsNoAlarmAndIsForgottenByAGain() {
        LossAlarm alarm = new LossAlarm();

        alarm.see(1);

        assertThat(alarm.wealth()).containsExactly(1.2, 1.5);
        alarm.see(-1);
        alarm.see(-1);
        alarm.see(0);
        assertThat(alarm.wealth()).containsExactly(1.0, 1.0);
    }

    @Test
    void isSilencedOnDemandAndGoesOnFromWhatWasSaved() {
        LossAlarm alarm = new LossAlarm();
        for (int i = 0; i < 60; i++) {
            alarm.see(1);
        }
        LossAlarm restored = new LossAlarm();
        restored.restore(alarm.wealth());
        assertThat(restored.sounds()).isTrue();
        assertThat(restored.wealth()).isEqualTo(alarm.wealth()).allMatch(each -> each <= 10_000);

        restored.silence();

        assertThat(restored.sounds()).isFalse();
        assertThat(restored.wealth()).containsExactly(1.0, 1.0);
        restored.restore(List.of());
        assertThat(restored.wealth()).containsExactly(1.0, 1.0);
    }

    @Test
    void soundsWhenTheMeanOfItsBetsIsFiveThousand() {
        LossAlarm alarm = new LossAlarm();
        assertThat(alarm.wealth()).containsExactly(1.0, 1.0);

        alarm.restore(List.of(9_998.0, 1.0));
        assertThat(alarm.sounds()).isFalse();

        alarm.restore(List.of(9_999.0, 1.0));
        assertThat(alarm.sounds()).isTrue();
    }
}
