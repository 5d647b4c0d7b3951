package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

class GateSettingsTest {
    @Test
    void aServedVersionIsJudgedByStrongerEvidenceAndTheSameTolerances() {
        GateSettings settings = new GateSettings(4, 0.02, 1.5, 0.3);

        assertThat(settings.againstServed()).isEqualTo(new GateSettings(16, 0.02, 3, 0.3));
    }

    @Test
    void acceptsBothEndsOfEachRange() {
        assertThatNoException().isThrownBy(() -> new GateSettings(1, 0, 0, 0));
        assertThatNoException().isThrownBy(() -> new GateSettings(1, 1, 10, 1));
    }

    @Test
    void aValueOutsideItsRangeIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GateSettings(0, 0, 0, 0))
                .withMessage("the minimum holdout is at least 1 sample, got 0");
        for (double outside : new double[] {-0.01, 1.01, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new GateSettings(1, outside, 0, 0.5))
                    .withMessage("tolerance and source drop are in [0, 1], got " + outside + " and 0.5");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new GateSettings(1, 0.5, 0, outside))
                    .withMessage("tolerance and source drop are in [0, 1], got 0.5 and " + outside);
        }
        for (double outside : new double[] {-0.01, 10.01, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new GateSettings(1, 0, outside, 0))
                    .withMessage("z is in [0, 10], got " + outside);
        }
    }
}
