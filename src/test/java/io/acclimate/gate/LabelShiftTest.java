package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelShiftTest {
    private static final int CLASSES = 10;

    private final SplittableRandom random = new SplittableRandom(1);
    private final LabelShift labels = new LabelShift(CLASSES, GateSettings.Suspicion.SEVERAL_CLASSES);

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 9})
    void aShiftedListIsFoundAndNamedWhereTheSourceModelKnowsTheDomain(int shift) {
        see(100, 0.4, shift);

        assertThat(labels.suspected(2)).isPresent().get().asString().contains("shifted by " + shift + ":");
    }

    @Test
    void saysHowManyLabelsSpeakForIt() {
        for (int i = 0; i < 30; i++) {
            labels.see(sample(i % CLASSES, (i + 1) % CLASSES));
        }
        for (int i = 0; i < 3; i++) {
            labels.see(sample(i, i));
        }

        assertThat(labels.suspected(2))
                .contains(
                        "the labels look like a list of classes shifted by 1: the source model agrees with 3 of 33 labels as they are,"
                                + " and with 30 when each is taken for the class 1 before it");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 0.4, 0.9})
    void rightLabelsAreNotSuspected(double accuracy) {
        see(400, accuracy, 0);

        assertThat(labels.suspected(0)).isEmpty();
    }

    @Test
    void nothingIsSuspectedWhereTheSourceModelNamesOneClassWhateverTheImage() {
        IntStream.range(0, 500).forEach(i -> labels.see(sample(8, random.nextInt(7))));

        assertThat(labels.suspected(0)).isEmpty();
    }

    @Test
    void labelsOfOneClassAreNotSuspected() {
        IntStream.range(0, 200).forEach(i -> labels.see(sample(i % 3 == 0 ? 3 : 6, 3)));

        assertThat(labels.suspected(0)).isEmpty();
    }

    @Test
    void whereTheSourceModelKnowsLittleAShiftIsSuspectedAsSoonAsItExplainsMore() {
        see(1_000, 0.1, 1);

        assertThat(labels.suspected(1)).isPresent();
    }

    @Test
    void whereTheSourceModelKnowsLittleTheErrorsOfOneClassThatMostLabelsNameAreNoShift() {
        IntStream.range(0, 500).forEach(i -> labels.see(sample(i % 3 == 0 ? 7 : random.nextInt(CLASSES), 3)));
        see(500, 0.2, 0);

        assertThat(labels.suspected(1)).isEmpty();
    }

    @Test
    void whereTheSourceModelKnowsLittleAVersionThatServesIsTakenBackForMoreOnly() {
        for (int i = 0; i < 200; i++) {
            int truth = i % CLASSES;
            int shown = i < 35 ? truth : i < 79 ? (truth + 1) % CLASSES : (truth + 2 + i % 8) % CLASSES;
            labels.see(sample(truth, shown));
        }

        assertThat(labels.suspected(1)).as("44 of 200 against 35").isPresent();
        assertThat(labels.suspected(2)).isEmpty();
    }

    @Test
    void whereTheLabelsAsTheyAreAreAboveChanceAShiftMustBeAheadByMore() {
        for (int i = 0; i < 100; i++) {
            int truth = i % CLASSES;
            int shown = i < 19 ? truth : i < 41 ? (truth + 2) % CLASSES : (truth + 3 + i % 7) % CLASSES;
            labels.see(sample(truth, shown));
        }

        assertThat(labels.suspected(1)).as("22 of 100 against 19").isEmpty();
    }

    @Test
    void nothingIsSuspectedWithoutSamples() {
        assertThat(labels.suspected(0)).isEmpty();
    }

    @Test
    void asksForAsManyStandardErrorsAsItIsTold() {
        for (int i = 0; i < 25; i++) {
            labels.see(sample(i % CLASSES, (i + 1) % CLASSES));
        }
        for (int i = 0; i < 16; i++) {
            labels.see(sample(i % CLASSES, i % CLASSES));
        }

        assertThat(labels.suspected(1.4)).isPresent();
        assertThat(labels.suspected(1.41)).isEmpty();
    }

    @Test
    void followsLabelsThatWereCorrected() {
        see(2_000, 0.5, 1);
        assertThat(labels.suspected(2)).isPresent();

        see(3_000, 0.5, 0);

        assertThat(labels.suspected(0)).isEmpty();
    }

    @Test
    void goesOnFromWhatWasSavedAndFromNothingUnderAnotherNumberOfClasses() {
        see(300, 0.3, 2);
        LabelShift restored = new LabelShift(CLASSES, GateSettings.Suspicion.SEVERAL_CLASSES);
        LabelShift other = new LabelShift(CLASSES + 1, GateSettings.Suspicion.SEVERAL_CLASSES);

        restored.restore(labels.state(), labels.pairs(), labels.centredPairs(), List.of());
        other.restore(labels.state(), labels.pairs(), labels.centredPairs(), List.of());

        assertThat(restored.state()).isEqualTo(labels.state()).hasSize(3 * CLASSES);
        assertThat(restored.pairs()).isEqualTo(labels.pairs()).isNotEmpty();
        assertThat(other.pairs()).isEmpty();
        assertThat(restored.suspected(0)).isPresent().isEqualTo(labels.suspected(0));
        assertThat(other.state()).containsOnly(0);
    }

    /** As a network does on inverted images: bags nearly always, and trousers now and then, mostly where they are pullovers. */
    private static void misled(LabelShift labels) {
        for (int i = 0; i < 300; i++) {
            labels.see(i % 10 == 0 ? sample(1, i % 30 == 0 ? 5 : 2) : sample(8, i % 10));
        }
    }

    @Test
    void theErrorsOfOneClassAreNoShiftOfAll() {
        LabelShift known = new LabelShift(CLASSES, GateSettings.Suspicion.KNOWN_CLASSES);
        misled(known);
        misled(labels);

        assertThat(known.suspected(1)).as("by the rule of before").isPresent();
        assertThat(labels.suspected(1)).isEmpty();
    }

    @Test
    void aSecondClassThatGoesTheSameWayMakesAShift() {
        misled(labels);
        IntStream.range(0, 4).forEach(i -> labels.see(sample(6, 7)));

        assertThat(labels.suspected(1)).isPresent();
    }

    /** Both of two classes come with the other's label as much more often than by chance, whatever the labels are. */
    @ParameterizedTest
    @CsvSource({"10, 15, 30, 9", "5, 24, 9, 3", "20, 20, 20, 0", "14, 17, 18, 3", "1, 16, 33, 21"})
    void whatIsSuspectedOfTwoClassesDoesNotDependOnWhichIsTheFirst(int cats, int catsAsDogs, int dogsAsCats, int dogs) {
        LabelShift labels = ofTwo(cats, catsAsDogs, dogsAsCats, dogs);
        LabelShift swapped = ofTwo(dogs, dogsAsCats, catsAsDogs, cats);

        assertThat(labels.suspected(1).isPresent())
                .isEqualTo(swapped.suspected(1).isPresent());
    }

    private static LabelShift ofTwo(int first, int firstAsSecond, int secondAsFirst, int second) {
        LabelShift labels = new LabelShift(2, GateSettings.Suspicion.SEVERAL_CLASSES);
        IntStream.range(0, first).forEach(i -> labels.see(sample(0, 0)));
        IntStream.range(0, firstAsSecond).forEach(i -> labels.see(sample(0, 1)));
        IntStream.range(0, secondAsFirst).forEach(i -> labels.see(sample(1, 0)));
        IntStream.range(0, second).forEach(i -> labels.see(sample(1, 1)));
        return labels;
    }

    /** Chance gives 2 of the 20 samples of each class, with a standard error of 1.34. */
    @Test
    void classesThatEachSayLittleMakeAShiftTogether() {
        for (int i = 0; i < 20 * CLASSES; i++) {
            int source = i % CLASSES;
            int turn = i / CLASSES;
            int shift = turn < 4 ? 1 : turn < 6 ? 0 : 2 + turn % 7;
            labels.see(sample(source, (source + shift) % CLASSES));
        }

        assertThat(labels.suspected(1)).isPresent();
    }

    /**
     * As a network does on rotated images: it names sandals nearly always, but not for coats, so that it is never right by labels that are shifted
     * by one.
     *
     * @param known classes with an even number below this are known in so many of the rounds
     */
    private void turned(int rounds, int knownRounds, int known) {
        for (int i = 0; i < rounds * CLASSES; i++) {
            int truth = i % CLASSES;
            boolean knows = i / CLASSES < knownRounds && truth % 2 == 0 && truth < known;
            labels.see(sample(knows ? truth : truth == 4 ? 6 + i / CLASSES % 4 : 5, (truth + 1) % CLASSES));
        }
    }

    @Test
    void classesVoteForAShiftWhereTheModelIsRightLessOftenThanByChance() {
        turned(16, 4, CLASSES);

        assertThat(labels.suspected(2)).as("by the sum of samples").isEmpty();
        assertThat(labels.suspected(Certainty.FOUND, true))
                .contains(
                        "the labels look like a list of classes shifted by 1: of the classes that the source model names, 6 come with the"
                                + " label 1 on more often than with their own, and 0 less often (160 labels)");
    }

    @Test
    void nobodyVotesWhereLabelsAreNotInOrderOrTheRuleIsTheOneOfBefore() {
        turned(16, 4, CLASSES);
        LabelShift known = new LabelShift(CLASSES, GateSettings.Suspicion.KNOWN_CLASSES);
        known.restore(labels.state(), labels.pairs(), labels.centredPairs(), List.of());

        assertThat(labels.suspected(Certainty.FOUND, false)).isEmpty();
        assertThat(known.suspected(Certainty.FOUND, true)).isEmpty();
    }

    private void see(int source, int... shown) {
        IntStream.of(shown).forEach(label -> labels.see(sample(source, label)));
    }

    @Test
    void whatIsSuspectedIsFoundWithMoreLabels() {
        see(5, 0, 2, 4, 7, 8, 9, 0, 2, 4, 7, 8, 9, 0, 2, 4, 7, 8, 9, 0, 2, 4);
        see(0, 1, 1, 1, 1, 1, 1);
        see(2, 3, 3, 3);
        assertThat(labels.suspected(Certainty.SUSPECTED, true))
                .as("log 13 + log 7 = 4.51")
                .isPresent();
        assertThat(labels.suspected(Certainty.FOUND, true)).isEmpty();

        see(0, 1, 1, 1);
        see(2, 3);

        assertThat(labels.suspected(Certainty.FOUND, true))
                .as("log 19 + log 9 = 5.14")
                .isPresent();
    }

    @Test
    void aShiftThatIsNotAheadOfTheNextOneIsNotSuspected() {
        IntStream.range(0, 30).forEach(i -> see(5, i % 3 == 0 ? 0 : 7 + i % 3));
        IntStream.range(0, 8).forEach(i -> see(0, 1));
        IntStream.range(0, 8).forEach(i -> see(2, 3));
        IntStream.range(0, 7).forEach(i -> see(0, 2));
        IntStream.range(0, 7).forEach(i -> see(2, 4));

        assertThat(labels.suspected(Certainty.FOUND, true))
                .as("2 log 17 = 5.67 by 1, and 2 log 15 = 5.42 by 2")
                .isEmpty();
    }

    @Test
    void whatSomeShiftGivesByChanceIsNotEnough() {
        turned(16, 2, CLASSES);

        assertThat(labels.suspected(Certainty.FOUND, true))
                .as("26 of 160 labels, where chance gives 16 with a standard error of 3.8")
                .isEmpty();
    }

    /** Classes 0 and 2 are named three times, and class 5 once for each label but its own. */
    private static LabelShift little(int classes) {
        LabelShift labels = new LabelShift(classes, GateSettings.Suspicion.SEVERAL_CLASSES);
        IntStream.range(0, classes).filter(label -> label != 5).forEach(label -> labels.see(sample(5, label)));
        List.of(0, 0, 0, 2, 2, 2).forEach(source -> labels.see(sample(source, source + 1)));
        return labels;
    }

    @Test
    void moreClassesMustSayMore() {
        assertThat(little(CLASSES).suspected(Certainty.SUSPECTED, true))
                .as("2 log 7 + log 3 = 4.99 of 4")
                .isPresent();
        assertThat(little(3 * CLASSES).suspected(Certainty.SUSPECTED, true))
                .as("4.99 of 4 + log(29 / 9) = 5.17")
                .isEmpty();
    }

    @Test
    void oneClassAloneIsNotEnoughHoweverOftenItSpeaks() {
        for (int i = 0; i < 40 * CLASSES; i++) {
            labels.see(i % CLASSES == 2 ? sample(1, 2) : sample(8, i % CLASSES));
        }

        assertThat(labels.suspected(Certainty.SUSPECTED, true))
                .as("log 81 = 4.39 of 4 by one class, and 0 by the other")
                .isEmpty();
    }

    @Test
    void aModelThatIsNeverRightWhateverTheListIsNoShift() {
        for (int i = 0; i < 270; i++) {
            labels.see(sample(i % CLASSES, (i + 1 + i / CLASSES % 9) % CLASSES));
        }

        assertThat(labels.suspected(Certainty.SUSPECTED, true)).isEmpty();
    }

    @Test
    void stateOfBeforePairsWereCountedSpeaksForNoShiftUntilMoreLabelsDo() {
        see(300, 0.3, 1);
        LabelShift restored = new LabelShift(CLASSES, GateSettings.Suspicion.SEVERAL_CLASSES);
        restored.restore(labels.state(), List.of(), List.of(), List.of());

        assertThat(restored.suspected(1)).isEmpty();
        restored.see(sample(3, 4));

        assertThat(restored.pairs()).containsExactly(3, 4, 1);
    }

    @Test
    void pairsAreHalvedWithTheOtherCountsAndForgottenWhenTheyAreRare() {
        labels.see(sample(5, 5));
        IntStream.range(0, 2_047).forEach(i -> labels.see(sample(3, 4)));

        assertThat(labels.pairs()).containsExactly(3, 4, 1_023);
    }

    private void see(int count, double accuracy, int shift) {
        for (int i = 0; i < count; i++) {
            int truth = random.nextInt(CLASSES);
            int source = random.nextDouble() < accuracy ? truth : random.nextInt(CLASSES);
            labels.see(sample(source, (truth + shift) % CLASSES));
        }
    }

    private static Scored sample(int source, int label) {
        return new Scored(label, source, source, source);
    }
}
