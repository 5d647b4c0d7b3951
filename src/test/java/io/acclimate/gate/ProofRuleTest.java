package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules of {@link Proof} at their limits, from states that a test writes down. */
class ProofRuleTest {
    private static final int CLASSES = 10;
    private static final ProofState BEGINNING = fresh().state();

    private final Proof proof = fresh();

    private static Proof fresh() {
        return new Proof(GateSettings.defaults(), CLASSES, Set.of());
    }

    private static ProofState with(ProofState state, List<Double> wealth, int starts) {
        return new ProofState(
                wealth,
                starts,
                state.sinceStart(),
                state.trainingWorse(),
                state.servedWorse(),
                state.classes(),
                state.recent(),
                state.labels(),
                state.labelPairs(),
                state.centredPairs(),
                state.likeness(),
                state.servedSince(),
                state.window(),
                state.suspected(),
                state.sinceLook());
    }

    /** Sample i of the classes in turn; no wrong class is so many classes off more often than others. */
    private static Scored sample(int i, int classes, int lead) {
        int label = i % classes;
        int other = (label + 1 + i / classes % (CLASSES - 1)) % CLASSES;
        int model = lead < 0 ? other : label;
        return new Scored(label, lead > 0 ? other : label, model, model);
    }

    private void see(int from, int to, int classes, int lead) {
        for (int i = from; i < to; i++) {
            proof.see(List.of(sample(i, classes, lead)));
        }
    }

    @Test
    void newClassesThatTheSourceModelTakesForTheirNeighboursAreNoShiftedList() {
        Proof wider = new Proof(GateSettings.defaults(), CLASSES, Set.of(4, 5, 6, 7, 8, 9));
        for (int i = 0; i < 400; i++) {
            int label = i % CLASSES;
            Scored sample = new Scored(label, label < 4 ? label : label - 1, label, label);
            wider.see(List.of(sample));
            proof.see(List.of(sample));
        }

        assertThat(wider.missing(Paired.NONE)).isEmpty();
        assertThat(proof.missing(Paired.NONE)).anySatisfy(why -> assertThat(why).contains("shifted by 1"));
    }

    @Test
    void beginsWithThreeQuartersOfTheWealthInEachBetAndNoLoss() {
        assertThat(BEGINNING.wealth()).containsExactly(0.75, 0.75, 0.75);
        assertThat(BEGINNING.starts()).isEqualTo(1);
        assertThat(BEGINNING.trainingWorse()).containsExactly(1.0, 1.0);
        assertThat(BEGINNING.servedWorse()).containsExactly(1.0, 1.0);
    }

    @Test
    void betsBeginAnewAfterSixtyFourSamplesMoreEachTimeUpToTwoHundredAndFiftySix() {
        List<Integer> begun = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            int before = proof.state().starts();
            proof.see(List.of(sample(i, CLASSES, 0)));
            if (proof.state().starts() > before) {
                begun.add(i + 1);
            }
        }

        assertThat(begun).containsExactly(64, 64 + 128, 64 + 128 + 192, 640, 896, 1_152);
    }

    /** Of 100 samples of three classes 92 are of class 0, which weighs (8 + 100/3) / (8 + 92). */
    @Test
    void aSampleOfAClassWithMoreThanItsEvenShareWeighsLess() {
        List<Integer> recent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            recent.add(new RecentScores.Ahead(i % 3, 0, 0).packed());
        }
        proof.restore(new ProofState(
                List.of(1.0, 1.0, 1.0),
                9,
                0,
                List.of(1.0, 1.0),
                List.of(1.0, 1.0),
                Map.of(0, 92, 1, 4, 2, 4),
                recent,
                BEGINNING.labels(),
                BEGINNING.labelPairs(),
                BEGINNING.centredPairs(),
                BEGINNING.likeness(),
                -1,
                List.of(),
                Optional.empty(),
                0));
        double weight = (8 + 100 / 3.0) / 100;

        proof.see(List.of(new Scored(0, 1, 0, 0)));

        assertThat(proof.state().wealth().get(0)).isCloseTo(1 + 0.1 * weight, within(1e-12));
        assertThat(proof.state().trainingWorse().get(0)).isCloseTo(1 - 0.2 * weight, within(1e-12));
        assertThat(proof.state().servedWorse().get(1)).isCloseTo(1 - 0.5 * weight, within(1e-12));
    }

    @Test
    void evidenceOfTwentyIsEnoughForALevelOfOneInTwenty() {
        see(0, 180, CLASSES, 1);
        ProofState seen = proof.state();

        // What was not bet yet, a quarter after the first start, counts as well.
        proof.restore(with(seen, List.of(19.75, 19.75, 19.75), 1));
        assertThat(proof.missing(Paired.NONE)).isEmpty();
        proof.restore(with(seen, List.of(19.75, 19.75, 19.65), 1));

        assertThat(proof.missing(Paired.NONE)).singleElement().asString().startsWith("not proven better");
    }

    /**
     * As a network does on rotated images, by labels that come sorted by class: it names class 5 nearly always, and a few even classes
     * one class before the label.
     */
    @Test
    void theClassesDoNotVoteWhileTheOrderOfLabelsIsNotKnownAgain() {
        for (int label = 0; label < CLASSES; label++) {
            int truth = (label + CLASSES - 1) % CLASSES;
            for (int i = 0; i < 16; i++) {
                int source = i < 4 && truth % 2 == 0 ? truth : truth == 4 ? 6 + i % 4 : 5;
                proof.see(List.of(new Scored(label, source, label, label)));
            }
        }
        proof.promoted();
        assertThat(proof.lost()).as("sorted labels").isEmpty();

        proof.chosen();
        proof.promoted();

        assertThat(proof.lost()).as("the guard went back to another version").isEmpty();
    }

    @Test
    void labelsThatAllNameOneClassAreReportedAndLearntFrom() {
        for (int i = 0; i < 300; i++) {
            proof.see(List.of(new Scored(3, 3, 3, 3)));
        }

        assertThat(proof.newSuspicion().map(LabelSuspicion::kind)).contains(LabelSuspicion.Kind.ONE_CLASS);
        assertThat(proof.missing(Paired.NONE)).noneMatch(each -> each.startsWith("the labels themselves look"));
    }

    @Test
    void labelsAreLookedAtAfterSixtyFourSamples() {
        long named = 333;
        proof.restore(new ProofState(
                BEGINNING.wealth(),
                1,
                0,
                List.of(1.0, 1.0),
                List.of(1.0, 1.0),
                Map.of(),
                List.of(),
                BEGINNING.labels(),
                BEGINNING.labelPairs(),
                BEGINNING.centredPairs(),
                BEGINNING.likeness(),
                -1,
                Collections.nCopies(300, named),
                Optional.empty(),
                62));

        proof.see(List.of(new Scored(3, 3, 3, 3)));
        assertThat(proof.newSuspicion()).isEmpty();
        proof.see(List.of(new Scored(3, 3, 3, 3)));

        assertThat(proof.newSuspicion()).isPresent();
    }

    @Test
    void onSortedLabelsTheHoldoutProvesByThreeStandardErrorsAndNothingByNone() {
        for (int i = 0; i < 1_000; i++) {
            int label = i / 100;
            proof.see(List.of(new Scored(label, i % 2 == 0 ? (label + 1 + i % 9) % CLASSES : label, label, label)));
        }

        assertThat(proof.missing(new Paired(100, 40, 27, 9))).as("18 = 3 · √36").isEmpty();
        assertThat(proof.missing(new Paired(100, 40, 26, 9)))
                .singleElement()
                .asString()
                .endsWith("on the holdout: 17 of 100 samples ahead, 17.7 needed");
        assertThat(proof.missing(new Paired(100, 40, 0, 0))).isNotEmpty();
    }

    @Test
    void trainingIsCalledWorseOnSamplesOfEightOfTenClasses() {
        see(0, 300, 8, -1);

        assertThat(proof.trainedAstray()).isPresent();
    }

    @Test
    void onSevenOfTenClassesItIsNot() {
        see(0, 300, 7, -1);

        assertThat(proof.trainedAstray()).isEmpty();
    }

    @Test
    void aPromotionSilencesTheAlarmOfWhatServedBefore() {
        see(0, 100, CLASSES, -1);
        assertThat(proof.lost()).isPresent();

        proof.promoted();

        assertThat(proof.state().servedWorse()).containsExactly(1.0, 1.0);
        assertThat(proof.state().trainingWorse()).isNotEqualTo(List.of(1.0, 1.0));
        assertThat(proof.lost()).isEmpty();
    }

    @Test
    void anOperatorsChoiceSilencesBothAlarmsAndBetsAFurtherShare() {
        see(0, 50, CLASSES, -1);

        proof.chosen();

        assertThat(proof.state().servedWorse()).containsExactly(1.0, 1.0);
        assertThat(proof.state().trainingWorse()).containsExactly(1.0, 1.0);
        // The second start has a quarter of 1/(1 · 2).
        assertThat(proof.state().wealth()).containsExactly(0.125, 0.125, 0.125);
        assertThat(proof.state().starts()).isEqualTo(2);
    }

    @Test
    void whatWasSavedReplacesTheClassesSeenSince() {
        see(0, 30, CLASSES, 1);

        proof.restore(BEGINNING);

        assertThat(proof.state()).isEqualTo(BEGINNING);
    }

    @Test
    void whatFewLabelsSayOfAShiftedListHoldsNothingBackOnceAVersionServes() {
        Random random = new Random(5);
        for (int i = 0; i < 60; i++) {
            int truth = random.nextInt(CLASSES);
            int centred = random.nextDouble() < 0.2 ? truth : random.nextInt(CLASSES);
            int label = (truth + 1) % CLASSES;
            proof.see(List.of(new Scored(label, 3, 3, label, centred)));
        }
        assertThat(proof.missing(Paired.NONE)).singleElement().asString().startsWith("60 labels are too few");

        proof.promoted();

        assertThat(proof.missing(Paired.NONE)).isEmpty();
    }
}
