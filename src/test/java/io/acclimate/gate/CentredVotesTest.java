package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link LabelShift} where classes vote by scores as they are and by centred ones alike. */
class CentredVotesTest {
    private static final int CLASSES = 10;

    private final Random random = new Random(5);
    private final LabelShift labels = new LabelShift(CLASSES, GateSettings.Suspicion.CENTRED_SCORES);
    private final LabelShift byClassesAlone = new LabelShift(CLASSES, GateSettings.Suspicion.SEVERAL_CLASSES);

    /** Images on which the source model names class 3 nearly always, while its centred scores are right so often. */
    private void see(int count, double rightByCentred, int shift) {
        for (int i = 0; i < count; i++) {
            int truth = random.nextInt(CLASSES);
            int source = random.nextInt(20) == 0 ? random.nextInt(CLASSES) : 3;
            int centred = random.nextDouble() < rightByCentred ? truth : random.nextInt(CLASSES);
            Scored sample = new Scored((truth + shift) % CLASSES, source, source, source, centred);
            labels.see(sample);
            byClassesAlone.see(sample);
        }
    }

    @Test
    void aShiftIsFoundWhereOnlyCentredScoresKnowAnythingOfTheDomain() {
        see(320, 0.3, 1);

        assertThat(labels.suspected(Certainty.FOUND, true)).get().asString().contains("shifted by 1");
        assertThat(byClassesAlone.suspected(Certainty.SUSPECTED, true)).isEmpty();
    }

    @Test
    void rightLabelsAreNotSuspectedAtAnyLook() {
        for (int i = 0; i < 32; i++) {
            see(32, 0.2, 0);

            assertThat(labels.suspected(Certainty.SUSPECTED, true))
                    .as("after %s labels", 32 * i)
                    .isEmpty();
        }
    }

    @Test
    void whatFewLabelsLeaveOpenIsWaitedForUntilThereAreTwoHundredAndFiftySix() {
        see(60, 0.25, 1);
        assertThat(labels.suspected(Certainty.SUSPECTED, true)).isEmpty();
        assertThat(labels.doubted(true))
                .get()
                .asString()
                .startsWith("60 labels are too few to tell whether the list of classes is shifted by ");
        assertThat(labels.doubted(false))
                .as("of labels whose order is not known")
                .isEmpty();

        LabelShift many = new LabelShift(CLASSES, GateSettings.Suspicion.CENTRED_SCORES);
        for (int i = 0; i < 255; i++) {
            many.see(new Scored((i % CLASSES + 1) % CLASSES, i % CLASSES, 0, 0, i % CLASSES));
        }
        assertThat(many.doubted(true)).isPresent();
        many.see(new Scored(1, 0, 0, 0, 0));

        assertThat(many.doubted(true)).isEmpty();
    }

    @Test
    void rightLabelsThatCentredScoresKnowAreNotWaitedFor() {
        see(64, 0.5, 0);

        assertThat(labels.doubted(true)).isEmpty();
    }

    @Test
    void nothingIsWaitedForWhereClassesVoteByScoresAsTheyAre() {
        for (int i = 0; i < 60; i++) {
            byClassesAlone.see(new Scored((i + 1) % CLASSES, i % CLASSES, 0, 0));
        }

        assertThat(byClassesAlone.doubted(true)).isEmpty();
    }

    @Test
    void fewClassesDoNotVote() {
        LabelShift four = new LabelShift(4, GateSettings.Suspicion.CENTRED_SCORES);
        LabelShift five = new LabelShift(5, GateSettings.Suspicion.CENTRED_SCORES);
        for (int i = 0; i < 60; i++) {
            four.see(new Scored((i + 1) % 4, i % 4, 0, 0));
            five.see(new Scored((i + 1) % 5, i % 5, 0, 0));
        }

        assertThat(four.doubted(true)).isEmpty();
        assertThat(five.doubted(true)).isPresent();
    }

    @Test
    void whatCentredScoresSaidIsInTheState() {
        see(320, 0.3, 1);
        LabelShift restored = new LabelShift(CLASSES, GateSettings.Suspicion.CENTRED_SCORES);
        LabelShift without = new LabelShift(CLASSES, GateSettings.Suspicion.CENTRED_SCORES);
        restored.restore(labels.state(), labels.pairs(), labels.centredPairs(), List.of());
        without.restore(labels.state(), labels.pairs(), List.of(), List.of());

        assertThat(restored.suspected(Certainty.FOUND, true))
                .isEqualTo(labels.suspected(Certainty.FOUND, true))
                .isPresent();
        assertThat(restored.centredPairs()).isEqualTo(labels.centredPairs()).isNotEmpty();
        assertThat(without.suspected(Certainty.FOUND, true)).isEmpty();
        assertThat(byClassesAlone.centredPairs()).isEmpty();
    }

    @Test
    void pairsByCentredScoresAreHalvedWithTheOthers() {
        for (int i = 0; i < 2_048; i++) {
            labels.see(new Scored(4, 3, 3, 3, 7));
        }

        assertThat(labels.pairs()).containsExactly(3, 4, 1_024);
        assertThat(labels.centredPairs()).containsExactly(7, 4, 1_024);
    }

    @Test
    void whatIsSuspectedByBothCountsIsFound() {
        LabelShift little = new LabelShift(CLASSES, GateSettings.Suspicion.CENTRED_SCORES);
        LabelShift littleByClasses = new LabelShift(CLASSES, GateSettings.Suspicion.SEVERAL_CLASSES);
        for (int source = 0; source < 9; source++) {
            for (int shift : new int[] {0, 1, 1, 2, 3, 4, 5, 6, 7}) {
                Scored sample = new Scored((source + shift) % CLASSES, source, source, source);
                little.see(sample);
                littleByClasses.see(sample);
            }
        }

        assertThat(little.suspected(Certainty.FOUND, true))
                .as("9 log(5/3) = 4.6 of 4")
                .isPresent();
        assertThat(littleByClasses.suspected(Certainty.FOUND, true))
                .as("4.6 of 5")
                .isEmpty();
    }

    @Test
    void aModelThatAgreesWithNothingIsNotWaitedFor() {
        for (int i = 0; i < 180; i++) {
            labels.see(new Scored((i % CLASSES + 1 + i / CLASSES % 9) % CLASSES, i % CLASSES, 0, 0, i % CLASSES));
        }

        assertThat(labels.doubted(true))
                .as("each shift comes as often as by chance, and none never")
                .isEmpty();
    }

    @Test
    void theLeadOverTheNextShiftMayBeSmallerWhereBothCountsVote() {
        for (int i = 0; i < 40; i++) {
            sample(5, i % 3 == 0 ? 0 : 7 + i % 3);
        }
        for (int i = 0; i < 11; i++) {
            sample(0, i < 8 ? 1 : 2);
            sample(2, i < 8 ? 3 : 4);
        }

        assertThat(labels.suspected(Certainty.SUSPECTED, true))
                .as("2 log 17 - 2 log 7 = 1.77 of 1.5")
                .isPresent();
        assertThat(byClassesAlone.suspected(Certainty.SUSPECTED, true))
                .as("1.77 of 2")
                .isEmpty();
    }

    private void sample(int source, int label) {
        Scored sample = new Scored(label, source, source, source);
        labels.see(sample);
        byClassesAlone.see(sample);
    }

    /** Each class is most often taken for one that is unlike it, and never for itself: clothes for shoes and bags, and these for clothes. */
    private static final int[][] UNLIKE = {
        {8, 5}, {8, 9}, {7, 5}, {9, 8}, {5, 8}, {3, 1}, {8, 5}, {3, 0}, {1, 3}, {4, 2},
    };

    @Test
    void negativesThatMisleadAModelAreNoShiftedList() {
        for (int i = 0; i < 512; i++) {
            int label = random.nextInt(CLASSES);
            int source = random.nextInt(4) == 0
                    ? (label + 1 + random.nextInt(CLASSES - 1)) % CLASSES
                    : UNLIKE[label][random.nextInt(3) == 0 ? 1 : 0];
            Scored sample = new Scored(label, source, source, source, source);
            labels.see(sample);
            byClassesAlone.see(sample);
        }

        assertThat(byClassesAlone.suspected(Certainty.FOUND, true)).isPresent();
        assertThat(labels.suspected(Certainty.SUSPECTED, true)).isEmpty();
        assertThat(labels.suspected(Certainty.SUSPECTED, false))
                .as("by the sum of samples, which is asked while labels come sorted by class")
                .isEmpty();
    }

    @Test
    void aPlainShiftByAnyNumberIsFoundWhereTheModelKnowsTheDomain() {
        LabelShift known = new LabelShift(CLASSES, GateSettings.Suspicion.CENTRED_SCORES);
        for (int i = 0; i < 128; i++) {
            int truth = i % CLASSES;
            int source = i % 2 == 0 ? truth : random.nextInt(CLASSES);
            known.see(new Scored((truth + 4) % CLASSES, source, source, source, source));
        }

        assertThat(known.suspected(Certainty.FOUND, true)).get().asString().contains("shifted by 4");
        assertThat(known.suspected(Certainty.FOUND, false)).get().asString().contains("shifted by 4");
    }
}
