package io.acclimate.adapt.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Membership;
import io.acclimate.wire.Encoding;
import org.junit.jupiter.api.Test;

class AdaptSettingsTest {
    private static final DriftSettings DRIFT = DriftSettings.defaults();
    private static final AnswerSettings ANSWERS = AnswerSettings.defaults();
    private static final StandInSettings NO_STAND_INS = new StandInSettings(0, StandInSettings.Changes.FIXED);
    private static final StepSettings.RowChanges NONE = StepSettings.RowChanges.NONE;
    private static final StepSettings.Early EARLY = new StepSettings.Early(256, 3, 8);

    private static final AdaptSettings DEFAULTS = AdaptSettings.defaults();

    @Test
    void valuesOutsideTheirRangeAreNamed() {
        assertThatThrownBy(() -> new StepSettings(0, 7, EARLY, 8192, 1, NO_STAND_INS, NONE))
                .hasMessage("batch size must be 1 to 4096, got 0");
        assertThatThrownBy(() -> new StepSettings(32, 1001, EARLY, 8192, 1, NO_STAND_INS, NONE))
                .hasMessageContaining("replay steps", "1001");
        assertThatThrownBy(() -> new StepSettings(32, 7, EARLY, 0, 1, NO_STAND_INS, NONE))
                .hasMessageContaining("replay capacity", "0");
        assertThatThrownBy(() -> new StepSettings(32, 7, EARLY, 1, 0, NO_STAND_INS, NONE))
                .hasMessageContaining("replay bytes", "0");
        assertThatThrownBy(() -> new StandInSettings(17, StandInSettings.Changes.LEARNT))
                .hasMessageContaining("stand-in tries", "17");
        assertThatThrownBy(() -> new StepSettings.Early(-1, 3, 8)).hasMessageContaining("early samples", "-1");
        assertThatThrownBy(() -> new StepSettings.Early(256, 0, 8)).hasMessageContaining("early factor", "0");
        assertThatThrownBy(() -> new StepSettings.Early(256, 3, 0)).hasMessageContaining("early slice", "0");
        assertThatThrownBy(() -> new EvaluationSettings(15, 0, 1, 0.5, true, ANSWERS, DRIFT))
                .hasMessageContaining("holdout capacity", "15");
        assertThatThrownBy(() -> new EvaluationSettings(16, -1, 1, 0.5, true, ANSWERS, DRIFT))
                .hasMessageContaining("source check", "-1");
        assertThatThrownBy(() -> new EvaluationSettings(16, 0, 0, 0.5, true, ANSWERS, DRIFT))
                .hasMessageContaining("rejects", "0");
        assertThatThrownBy(() -> new EvaluationSettings(16, 0, 1, 1.5, true, ANSWERS, DRIFT))
                .hasMessage("restart shrink must be above 0 and at most 1, got 1.5");
        assertThatThrownBy(() -> new OutputSettings(0, Encoding.JSON)).hasMessageContaining("snapshot every", "0");
        assertThatThrownBy(() -> new Membership(" ", "0")).hasMessageContaining("must not be blank");
    }

    @Test
    void eachChangeLeavesTheOtherSettingsAlone() {
        StepSettings steps = DEFAULTS.steps().withReplay(1, 2);
        OutputSettings output = new OutputSettings(3, Encoding.PROTOBUF);
        Membership membership = new Membership("g", "i");

        AdaptSettings changed = DEFAULTS.withSteps(steps)
                .withFreshness(FreshnessSettings.NONE)
                .withOutput(output)
                .withMembership(membership)
                .withSeed(9);

        assertThat(changed)
                .isEqualTo(new AdaptSettings(
                        DEFAULTS.train(),
                        DEFAULTS.gate(),
                        steps,
                        DEFAULTS.evaluation(),
                        new DeliverySettings(
                                membership,
                                FreshnessSettings.NONE,
                                DEFAULTS.pace(),
                                DEFAULTS.retention(),
                                output,
                                false),
                        DEFAULTS.unlabelled(),
                        9));
    }

    @Test
    void formOfTheOutputDoesNotChangeWhatIsRecorded() {
        AdaptSettings other = DEFAULTS.withOutput(new OutputSettings(99, Encoding.PROTOBUF))
                .withFreshness(FreshnessSettings.NONE)
                .withMembership(new Membership("g", "i"));

        assertThat(RecordedSettings.of(other)).isEqualTo(RecordedSettings.of(DEFAULTS));
    }
}
