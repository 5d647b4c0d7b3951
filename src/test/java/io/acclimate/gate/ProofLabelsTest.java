package io.acclimate.gate;

import static io.acclimate.gate.ScoredLabels.CLASSES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@link Proof} makes of labels that are wrong, or that come in an order which says nothing of the models. */
class ProofLabelsTest {
    private final Proof proof = new Proof(GateSettings.defaults(), CLASSES, Set.of());
    private final ScoredLabels labels = new ScoredLabels(proof);

    @Test
    void labelsOfAShiftedListProveNothingAndTakeBackWhatServes() {
        for (int i = 0; i < 300; i++) {
            int truth = i % CLASSES;
            int label = (truth + 1) % CLASSES;
            int source = labels.below(10) < 4 ? truth : labels.below(CLASSES);
            proof.see(List.of(new Scored(label, source, label, label)));
        }
        assertThat(proof.missing(Paired.NONE)).singleElement().asString().contains("shifted by 1");
        assertThat(proof.lost()).isEmpty();

        proof.promoted();

        assertThat(proof.lost()).isPresent().get().asString().contains("shifted by 1");
    }

    @Test
    void noOtherListIsSuspectedWhereSomethingElseShowsThatTheListIsRight() {
        boolean[] isRight = {true};
        Proof vouched = new Proof(GateSettings.defaults(), CLASSES, Set.of(), () -> isRight[0]);
        for (int i = 0; i < 300; i++) {
            int truth = i % CLASSES;
            int label = (truth + 1) % CLASSES;
            int source = labels.below(10) < 4 ? truth : labels.below(CLASSES);
            vouched.see(List.of(new Scored(label, source, label, label)));
        }
        assertThat(vouched.missing(Paired.NONE)).isEmpty();
        vouched.promoted();
        assertThat(vouched.lost()).isEmpty();

        isRight[0] = false;

        assertThat(vouched.missing(Paired.NONE)).singleElement().asString().contains("shifted by 1");
        assertThat(vouched.lost()).isPresent();
    }

    @Test
    void labelsSortedByClassProveNothingByTheirOrderAndSomethingOnTheHoldout() {
        for (int c = 0; c < CLASSES; c++) {
            sorted(c, 100, 1);
        }

        assertThat(proof.state().wealth()).as("bets on sorted labels").allMatch(each -> each < 20);
        assertThat(proof.missing(new Paired(100, 40, 8, 7)))
                .singleElement()
                .asString()
                .contains("sorted by class", "1 of 100 samples ahead, 11.6 needed");
        assertThat(proof.missing(new Paired(100, 40, 30, 10))).isEmpty();
        assertThat(proof.missing(new Paired(100, 40, 28, 12)))
                .as("for the first version")
                .isNotEmpty();
        proof.promoted();
        assertThat(proof.missing(new Paired(100, 40, 28, 12)))
                .as("for a later one")
                .isEmpty();
    }

    @Test
    void aVersionThatServesIsNotTakenBackByTheOrderOfSortedLabels() {
        labels.see(300, labels.both(labels.ahead(0.3, 0.05)));
        proof.promoted();

        for (int c = 0; c < CLASSES; c++) {
            sorted(c, 20, -1);
            sorted(c, 40, 0);
        }

        assertThat(proof.lost()).isEmpty();
        assertThat(proof.trainedAstray()).isEmpty();
    }

    @Test
    void labelsThatBeginToLookWrongAreSaidOnceAndProveNothing() {
        List<LabelSuspicion> said = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            labels.see(32, label -> new Scored((label + 3) % CLASSES, label, label, (label + 3) % CLASSES));
            proof.newSuspicion().ifPresent(said::add);
        }

        assertThat(said).extracting(LabelSuspicion::kind).containsExactly(LabelSuspicion.Kind.PERMUTED);
        assertThat(proof.missing(Paired.NONE)).contains("the labels themselves look permuted");
    }

    @Test
    void aCandidateWhoseAgreementChanceExplainsIsNotProven() {
        labels.see(300, labels.ahead(0.3, 0.05));
        assertThat(proof.missing(Paired.NONE)).isEmpty();
        ProofState saved = proof.state();
        List<Long> noTie = new ArrayList<>();
        for (long label = 0; label < CLASSES; label++) {
            for (long named = 0; named < CLASSES; named++) {
                noTie.add(label * 100 + named * 11);
            }
        }

        proof.restore(new ProofState(
                saved.wealth(),
                saved.starts(),
                saved.sinceStart(),
                saved.trainingWorse(),
                saved.servedWorse(),
                saved.classes(),
                saved.recent(),
                saved.labels(),
                saved.labelPairs(),
                saved.centredPairs(),
                saved.likeness(),
                saved.servedSince(),
                noTie,
                saved.suspected(),
                saved.sinceLook()));

        assertThat(proof.missing(Paired.NONE)).singleElement().asString().contains("dealt out at random");
    }

    @Test
    void underAnotherLabelSetNothingThatWasSeenOfLabelsCounts() {
        labels.see(333, label -> new Scored((label + 3) % CLASSES, label, label, (label + 3) % CLASSES));
        assertThat(proof.newSuspicion()).isPresent();

        proof.relabelled();

        assertThat(proof.state().window()).isEmpty();
        assertThat(proof.state().labels()).containsOnly(0);
        assertThat(proof.state().suspected()).isEmpty();
        assertThat(proof.state().classes()).isEmpty();
        assertThat(proof.missing(Paired.NONE))
                .noneSatisfy(each -> assertThat(each).containsAnyOf("shifted", "permuted"));
    }

    /** One class only. */
    private void sorted(int classIndex, int count, int lead) {
        for (int i = 0; i < count; i++) {
            int other = labels.anyOtherThan(classIndex);
            int model = lead < 0 ? other : classIndex;
            proof.see(List.of(new Scored(classIndex, lead > 0 && i % 2 == 0 ? other : classIndex, model, model)));
        }
    }
}
