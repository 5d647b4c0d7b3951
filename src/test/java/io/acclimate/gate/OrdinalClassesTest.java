package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link LabelShift} by right labels of a source model that takes each class for the next lower one about as often as for itself. */
class OrdinalClassesTest {
    private static final int CLASSES = 10;

    private final Judged ten = new Judged(CLASSES);

    /** Labels as they are judged, and as they were by the rule of before. */
    private static final class Judged {
        private final int classes;
        private final LabelShift now;
        private final LabelShift before;

        Judged(int classes) {
            this.classes = classes;
            this.now = new LabelShift(classes, GateSettings.Suspicion.CENTRED_SCORES);
            this.before = new LabelShift(classes, GateSettings.Suspicion.SEVERAL_CLASSES);
        }

        void see(int source, int label, int count) {
            for (int i = 0; i < count; i++) {
                Scored sample = new Scored(label % classes, source, source, source);
                now.see(sample);
                before.see(sample);
            }
        }

        /** Each class is named so often rightly, and so often for an image of the next one. */
        Judged eachClass(int rightly, int forTheNext) {
            for (int source = 0; source < classes; source++) {
                see(source, source, rightly);
                see(source, source + 1, forTheNext);
            }
            return this;
        }
    }

    @Test
    void aDialThatIsReadOneTooLowInHalfOfTheCasesIsNoShiftedList() {
        ten.eachClass(22, 27);

        assertThat(ten.before.suspected(Certainty.SUSPECTED, true))
                .as("by the rule of before: 50 > 1 · √490")
                .isPresent();
        assertThat(ten.now.suspected(Certainty.SUSPECTED, true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 100})
    void agesThatAreGuessedALittleTooLowAreNoShiftedListHoweverManyClassesVoteForIt(int ages) {
        Judged seen = new Judged(ages).eachClass(6, 9);

        assertThat(seen.before.suspected(Certainty.FOUND, true)).isPresent();
        assertThat(seen.now.suspected(Certainty.FOUND, true)).isEmpty();
    }

    @Test
    void theyAreNotWaitedForEither() {
        assertThat(new Judged(30).eachClass(3, 4).now.doubted(true))
                .as("30 log(4.5 / 3.5) = 7.5 of 2.2")
                .isEmpty();
        assertThat(new Judged(30).eachClass(0, 4).now.doubted(true)).isPresent();
    }

    @Test
    void aShiftThatEachClassSpeaksForClearlyIsFoundAlsoOfAModelThatIsOftenRightByTheLabelsAsTheyAre() {
        assertThat(ten.eachClass(5, 9).now.suspected(Certainty.FOUND, true))
                .as("log(9.5 / 5.5) = 0.55 of 0.56")
                .isEmpty();
        assertThat(new Judged(CLASSES).eachClass(7, 13).now.suspected(Certainty.FOUND, true))
                .as("log(13.5 / 7.5) = 0.59")
                .isPresent();
    }

    @Test
    void aShiftThatSaysLittleIsBelievedWhereTheLabelsAsTheyAreDoNotAgreeWithTheModel() {
        ten.eachClass(5, 8);
        for (int source = 0; source < CLASSES; source++) {
            for (int shift = 2; shift < CLASSES; shift++) {
                ten.see(source, source + shift, 4);
            }
        }

        assertThat(ten.now.suspected(Certainty.FOUND, true))
                .as("10 log(8.5 / 5.5) = 4.35, where chance gives 45 right labels of 450 with a standard error of 6.4")
                .isPresent();
    }

    @Test
    void twoClassesThatImagesMisleadAreNoShiftWhereTheOthersAreRight() {
        ten.see(0, 1, 30);
        ten.see(2, 3, 30);
        for (int source = 1; source < CLASSES; source++) {
            ten.see(source, source, source == 2 ? 0 : 2);
        }

        assertThat(ten.before.suspected(Certainty.FOUND, true)).isPresent();
        assertThat(ten.now.suspected(Certainty.SUSPECTED, true))
                .as("(2 log 61 - 8 log 5) / 10 < 0")
                .isEmpty();
    }

    @Test
    void norWhereTheOthersAreRightNoMoreOftenThanByChance() {
        ten.see(0, 1, 30);
        ten.see(2, 3, 30);
        for (int source = 1; source < CLASSES; source++) {
            for (int shift = 0; source != 2 && shift < CLASSES; shift++) {
                ten.see(source, source + shift, shift == 1 ? 0 : 3);
            }
        }

        assertThat(ten.before.suspected(Certainty.FOUND, true)).isPresent();
        assertThat(ten.now.suspected(Certainty.SUSPECTED, true))
                .as("(2 log 61 - 8 log 7) / 10 < 0")
                .isEmpty();
    }
}
