package io.acclimate.minibatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LabelLimitsTest {
    @Test
    void aShareIsOfTheMiniBatchAndNeverBelowEight() {
        LabelLimits limits = new LabelLimits(1, 1, 0.75, 1);

        assertThat(limits.perClass(32)).isEqualTo(24);
        assertThat(limits.perClass(4)).isEqualTo(8);
    }

    @Test
    void valuesOutsideTheirRangeAreRefusedByName() {
        assertThatThrownBy(() -> new LabelLimits(-1, 1, 1, 1)).hasMessageContaining("labels per second", "-1.0");
        assertThatThrownBy(() -> new LabelLimits(Double.NaN, 1, 1, 1)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new LabelLimits(1, 0, 1, 1)).hasMessageContaining("burst");
        assertThatThrownBy(() -> new LabelLimits(1, 1, 0, 1)).hasMessageContaining("share");
        assertThatThrownBy(() -> new LabelLimits(1, 1, 1.5, 1)).hasMessageContaining("1.5");
        assertThatThrownBy(() -> new LabelLimits(1, 1, 1, 0)).hasMessageContaining("places");
        assertThatThrownBy(() -> new JoinSettings(Duration.ofHours(-1), Duration.ZERO, 1))
                .hasMessageContaining("retention");
        assertThatThrownBy(() -> new JoinSettings(Duration.ZERO, Duration.ZERO, 0))
                .hasMessageContaining("maxWaiting");
    }

    @Test
    void aRetentionOfZeroTurnsTheJoinOff() {
        assertThat(JoinSettings.OFF.isOn()).isFalse();
        assertThat(JoinSettings.DEFAULT.withRetention(Duration.ZERO).isOn()).isFalse();
        assertThat(JoinSettings.DEFAULT.withPatience(Duration.ZERO).isOn()).isTrue();
    }
}
