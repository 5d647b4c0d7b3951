package io.acclimate.adapt.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.StepSettings.Translation.Look;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A verdict by numbers of answers; {@link TranslationOddsTest} has those that come of pictures. */
class ListVerdictTest {
    private static final int CLASSES = 10;

    private final WayCounts counts = new WayCounts(ListVerdict.STEPS.length);
    private final ListVerdict verdict = verdict(Look.WITH_LISTS);

    /** Each class has labels, and all vote for the list after that of the labels as they are. */
    private ListVerdict verdict(Look look) {
        Arrays.fill(counts.tries, 5);
        ListVerdict made = new ListVerdict(CLASSES, look, counts);
        for (int label = 0; label < CLASSES; label++) {
            made.label(label);
            made.label(label);
            made.agree(1, label);
        }
        return made;
    }

    private static int[] agreed(int asTheyAre, int shifted) {
        return new int[] {asTheyAre, shifted, 3};
    }

    @Test
    void aListIsToldOfByThreeOfTenLabelsAndByHalfOfThemBefore() {
        assertThat(verdict.shifted(100, agreed(5, 30), true)).isPresent();
        assertThat(verdict.shifted(100, agreed(5, 29), true)).isEmpty();
        assertThat(verdict(Look.THROUGH_NOISE).shifted(100, agreed(5, 49), true))
                .isEmpty();
        assertThat(verdict(Look.THROUGH_NOISE).shifted(100, agreed(5, 50), true))
                .isPresent();
    }

    @Test
    void aVerdictIsHeldUntilItIsRefutedAndIsNotToldAgainMeanwhile() {
        assertThat(verdict.newlyShifted(100, agreed(5, 31), true)).isPresent();

        assertThat(verdict.newlyShifted(120, agreed(6, 30), true)).isEmpty();
        assertThat(verdict.shifted(120, agreed(6, 30), true)).as("a quarter").isPresent();
        assertThat(verdict.shifted(31, agreed(9, 1), false))
                .as("too few for anything, since another change became the best")
                .isPresent();
        assertThat(verdict.shifted(120, agreed(6, 23), true))
                .as("less than a fifth")
                .isEmpty();
        assertThat(verdict.shifted(120, agreed(19, 60), true))
                .as("the list was corrected")
                .isEmpty();
    }

    @Test
    void aVerdictOfFormerBuildsIsNotHeld() {
        ListVerdict former = verdict(Look.THROUGH_NOISE);
        assertThat(former.newlyShifted(100, agreed(5, 60), true)).isPresent();

        assertThat(former.shifted(120, agreed(6, 59), true)).isEmpty();
    }

    @Test
    void aListIsRightWhereManyLabelsAgreeAsTheyAreAndHardlyAnyByAnother() {
        assertThat(verdict.isRight(100, agreed(30, 6), true)).isTrue();
        assertThat(verdict.isRight(100, agreed(30, 7), true)).isFalse();
        assertThat(verdict.isRight(100, agreed(29, 5), true)).isFalse();
        assertThat(verdict.isRight(100, agreed(30, 6), false))
                .as("pictures that are not known better by any change may mislead the model")
                .isFalse();
        assertThat(verdict.isRight(31, agreed(30, 0), true)).as("too few").isFalse();
        assertThat(verdict(Look.THROUGH_NOISE).isRight(100, agreed(90, 1), true))
                .isFalse();
    }
}
