package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of {@link LabelShift} on samples that are counted by hand. The source model names all of its classes in turn. */
class LabelShiftRuleTest {
    private static final int CLASSES = 10;

    private final LabelShift labels = new LabelShift(CLASSES, GateSettings.Suspicion.KNOWN_CLASSES);
    private int next;

    /** So many samples whose label is {@code shift} classes after the source model's class. */
    private void see(int shift, int count) {
        for (int i = 0; i < count; i++) {
            int source = next++ % CLASSES;
            sample(source, (source + shift) % CLASSES);
        }
    }

    /** So many samples that have none of the first two shifts, and each of the seven that follow equally often. */
    private void seeOther(int count) {
        for (int i = 0; i < count; i++) {
            see(2 + i % 7, 1);
        }
    }

    private void sample(int source, int label) {
        labels.see(new Scored(label, source, source, source));
    }

    @Test
    void countsAreHalvedWhenThereAreTwoThousandAndFortyEight() {
        for (int i = 0; i < 2_047; i++) {
            sample(3, 4);
        }
        assertThat(labels.state()).contains(2_047);

        sample(3, 4);

        assertThat(labels.state().stream().filter(count -> count > 0))
                .as("shift 1, class 3, label 4")
                .containsExactly(1_024, 1_024, 1_024);
        assertThat(labels.state().get(1)).isEqualTo(1_024);
    }

    @Test
    void ofTwoShiftsThatExplainTheSameTheSmallerIsNamed() {
        see(7, 30);
        see(3, 30);

        assertThat(labels.suspected(1)).get().asString().contains("shifted by 3:");
    }

    @Test
    void aShiftThatExplainsMoreThanThirtyInAHundredIsBelievedAlsoOfAModelThatIsNeverRight() {
        see(1, 30);
        seeOther(70);
        assertThat(labels.suspected(2)).as("30 of 100").isEmpty();

        labels.clear();
        see(1, 31);
        seeOther(69);

        assertThat(labels.suspected(2)).as("31 of 100").isPresent();
    }

    @Test
    void aShiftMustBeAheadByMoreThanTheStandardErrorsAskedFor() {
        see(1, 10);
        see(0, 6);

        assertThat(labels.suspected(1)).as("4 = 1 · √16").isEmpty();
        assertThat(labels.suspected(0.99)).isPresent();
    }

    @Test
    void whereTheModelKnowsLittleAnyLeadIsEnoughBeforeAVersionServes() {
        see(1, 36);
        see(0, 28);
        seeOther(136);

        assertThat(labels.suspected(0.99)).as("36 of 200 against 28, 8 > 0").isPresent();
        assertThat(labels.suspected(1)).as("8 = 1 · √64 is not asked for").isPresent();
        assertThat(labels.suspected(1.01)).as("8 < 1.01 · √64").isEmpty();
    }

    /** Chance gives 20 of 200 right with a standard error of 4.24, and two of them end at 28.5. */
    @Test
    void aModelThatIsRightMoreOftenThanByChanceAsksForTheStandardErrorsAlsoBeforeAVersionServes() {
        see(1, 43);
        see(0, 35);
        seeOther(122);

        assertThat(labels.suspected(1)).as("8 < 1 · √78").isEmpty();
        assertThat(labels.suspected(0.9)).as("8 > 0.9 · √78").isPresent();
    }

    /** Chance gives 20 of 200 with a standard error of √(20 · 0.9) = 4.24, and three of them end at 32.7. */
    @Test
    void whereTheModelKnowsLittleAShiftMustBeThreeStandardErrorsAboveChance() {
        see(1, 32);
        see(0, 20);
        seeOther(148);
        assertThat(labels.suspected(1)).isEmpty();

        labels.clear();
        see(1, 33);
        see(0, 20);
        seeOther(147);

        assertThat(labels.suspected(1)).isPresent();
    }

    /** Of two classes, chance gives 50 of 100 with a standard error of 5. */
    @Test
    void whereTheModelKnowsTheDomainTwoStandardErrorsAboveChanceAreEnough() {
        assertThat(ofTwoClasses(60).suspected(1)).isEmpty();
        assertThat(ofTwoClasses(62).suspected(1)).isPresent();
    }

    @Test
    void aModelThatHardImagesMisleadALittleTakesTwoClassesForEachOtherByRightLabels() {
        assertThat(ofTwoClasses(562, 1_000).suspected(1)).isEmpty();
        assertThat(ofTwoClasses(563, 1_000).suspected(1)).isPresent();
    }

    private static LabelShift ofTwoClasses(int shifted) {
        return ofTwoClasses(shifted, 100);
    }

    private static LabelShift ofTwoClasses(int shifted, int count) {
        LabelShift two = new LabelShift(2, GateSettings.Suspicion.KNOWN_CLASSES);
        for (int i = 0; i < count; i++) {
            int source = i % 2;
            two.see(new Scored(i < shifted ? 1 - source : source, source, source, source));
        }
        return two;
    }

    /** Chance gives 20 of 200 right. */
    @Test
    void aModelThatIsRightHalfAsOftenAsByChanceIsNotMisledAndOneThatIsRightLessOftenIs() {
        see(1, 50);
        see(0, 10);
        for (int shift = 2; shift < 9; shift++) {
            see(shift, 20);
        }
        assertThat(labels.suspected(1)).isPresent();

        labels.clear();
        see(1, 50);
        see(0, 5);
        seeOther(145);

        assertThat(labels.suspected(1)).isEmpty();
    }

    /** Class 0 has 200 of 400 labels, twice the even share of the four classes that have labels. */
    @Test
    void aClassWithTwiceItsEvenShareOfTheClassesThatWereSeenIsNoFlood() {
        int[] shifted = {50, 17, 17, 16};
        int[] right = {30, 10, 10, 10};
        int[] other = {120, 41, 39, 40};
        for (int label = 0; label < 4; label++) {
            for (int i = 0; i < shifted[label]; i++) {
                sample((label + 9) % CLASSES, label);
            }
            for (int i = 0; i < right[label]; i++) {
                sample(label, label);
            }
            for (int i = 0; i < other[label]; i++) {
                sample(4 + i % 5, label);
            }
        }
        assertThat(labels.suspected(1)).get().asString().contains("shifted by 1:");

        List.of(4, 5, 6, 7).forEach(source -> sample(source, 0));

        assertThat(labels.suspected(1)).as("204 of 404").isEmpty();
    }
}
