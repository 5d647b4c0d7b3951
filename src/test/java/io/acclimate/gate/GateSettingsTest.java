package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

class GateSettingsTest {
    private static GateSettings settings(int minimumHoldout, double tolerance, double z, double maxSourceDrop) {
        return new GateSettings(
                minimumHoldout,
                tolerance,
                z,
                maxSourceDrop,
                GateSettings.Rule.PROVEN,
                new GateSettings.Proven(
                        0.01,
                        0.5,
                        GateSettings.Suspicion.KNOWN_CLASSES,
                        GateSettings.Watch.UNTIL_PROVEN,
                        GateSettings.Withdrawal.BY_TURN));
    }

    @Test
    void aServedVersionIsJudgedByStrongerEvidenceAndTheSameTolerances() {
        GateSettings settings = settings(4, 0.02, 1.5, 0.3);

        assertThat(settings.againstServed()).isEqualTo(settings(16, 0.02, 3, 0.3));
    }

    @Test
    void acceptsBothEndsOfEachRange() {
        assertThatNoException().isThrownBy(() -> settings(1, 0, 0, 0));
        assertThatNoException().isThrownBy(() -> settings(1, 1, 10, 1));
    }

    @Test
    void aValueOutsideItsRangeIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(0, 0, 0, 0))
                .withMessage("the minimum holdout is at least 1 sample, got 0");
        for (double outside : new double[] {-0.01, 1.01, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> settings(1, outside, 0, 0.5))
                    .withMessage("tolerance and source drop are in [0, 1], got " + outside + " and 0.5");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> settings(1, 0.5, 0, outside))
                    .withMessage("tolerance and source drop are in [0, 1], got 0.5 and " + outside);
        }
        for (double outside : new double[] {-0.01, 10.01, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> settings(1, 0, outside, 0))
                    .withMessage("z is in [0, 10], got " + outside);
        }
    }

    @Test
    void theProofHasALevelBetweenZeroAndOneAndAShareOfClasses() {
        GateSettings settings = GateSettings.defaults();
        assertThatNoException().isThrownBy(() -> settings.withProof(0.5, 0));
        assertThatNoException().isThrownBy(() -> settings.withProof(0.5, 1));
        for (double outside : new double[] {0, 1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> settings.withProof(outside, 0.5))
                    .withMessage("the level is between 0 and 1, got " + outside);
        }
        for (double outside : new double[] {-0.01, 1.01, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> settings.withProof(0.5, outside))
                    .withMessage("the share of classes is in [0, 1], got " + outside);
        }
    }

    @Test
    void anotherRuleChangesNothingElse() {
        GateSettings other = GateSettings.defaults().withRule(GateSettings.Rule.NON_INFERIOR);

        assertThat(other.rule()).isEqualTo(GateSettings.Rule.NON_INFERIOR);
        assertThat(other.withRule(GateSettings.Rule.PROVEN)).isEqualTo(GateSettings.defaults());
    }
}
