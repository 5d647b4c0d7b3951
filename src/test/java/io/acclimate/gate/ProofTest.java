package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class ProofTest {
    private static final int CLASSES = 10;

    private final SplittableRandom random = new SplittableRandom(1);
    private final Proof proof = fresh();
    private int next;

    private static Proof fresh() {
        return new Proof(GateSettings.defaults(), CLASSES, Set.of());
    }

    @Test
    void nothingIsProvenAtFirst() {
        assertThat(proof.missing(Paired.NONE))
                .hasSize(2)
                .anySatisfy(each -> assertThat(each).contains("0 of the 10 classes", "8 must"))
                .anySatisfy(each -> assertThat(each).contains("evidence 1.00 of 20"));
        assertThat(proof.lost()).isEmpty();
        assertThat(proof.trainedAstray()).isEmpty();
    }

    @Test
    void aClearLeadOverAllClassesIsProvenWithinTwoHundredSamples() {
        see(200, ahead(0.3, 0.05));

        assertThat(proof.missing(Paired.NONE)).isEmpty();
    }

    @Test
    void labelsThatSayNothingProveNothing() {
        for (int i = 0; i < 200; i++) {
            see(32, ahead(0.1, 0.1));
            assertThat(proof.missing(Paired.NONE)).isNotEmpty();
        }
    }

    @Test
    void aModelThatKnowsOneClassIsNotProven() {
        for (int i = 0; i < 40; i++) {
            proof.see(List.of(sample(3, 1), sample(3, 1), sample(3, 1)));
        }

        assertThat(proof.missing(Paired.NONE))
                .anySatisfy(each -> assertThat(each).contains("1 of the 10 classes"));
    }

    @Test
    void aFloodOfOneClassDoesNotOutweighWhatIsLostOnTheOthers() {
        for (int i = 0; i < 60; i++) {
            List<Scored> batch = new ArrayList<>();
            for (int j = 0; j < 20; j++) {
                batch.add(sample(0, 1));
            }
            for (int c = 1; c < CLASSES; c++) {
                batch.add(sample(c, c % 2 == 0 ? -1 : 0));
            }
            proof.see(batch);
        }

        assertThat(proof.missing(Paired.NONE)).isNotEmpty();
    }

    @Test
    void classesWithOneSampleAreNotYetSeen() {
        for (int c = 0; c < CLASSES; c++) {
            proof.see(List.of(sample(c, 1)));
        }
        assertThat(proof.missing(Paired.NONE))
                .anySatisfy(each -> assertThat(each).contains("0 of the 10 classes"));

        for (int c = 0; c < 8; c++) {
            proof.see(List.of(sample(c, 1)));
        }

        assertThat(proof.missing(Paired.NONE))
                .noneSatisfy(each -> assertThat(each).contains("of the 10 classes"));
    }

    @Test
    void aProofOfLongAgoDoesNotHoldWhenLabelsSayNothingAnyMore() {
        see(512, ahead(0.4, 0.05));
        assertThat(proof.missing(Paired.NONE)).isEmpty();

        see(256, ahead(0.05, 0.07));

        assertThat(proof.missing(Paired.NONE)).isNotEmpty();
    }

    @Test
    void aLeadThatComesLateIsProvenToo() {
        see(2_000, ahead(0.05, 0.08));
        proof.restarted();

        see(400, ahead(0.3, 0.05));

        assertThat(proof.missing(Paired.NONE)).isEmpty();
    }

    @Test
    void trainingThatIsWorseIsNoticedAndSilencedByARestart() {
        see(150, ahead(0.02, 0.4));
        assertThat(proof.trainedAstray()).isPresent().get().asString().contains("worse than the source model");

        proof.restarted();

        assertThat(proof.trainedAstray()).isEmpty();
    }

    @Test
    void whatServesLosesItsProofAtOnceWhenItIsWorse() {
        see(200, ahead(0.3, 0.05));
        proof.promoted();

        see(150, both(() -> random.nextInt(10) < 4 ? -1 : 0));

        assertThat(proof.lost()).isPresent().get().asString().contains("is worse than the source model");
    }

    @Test
    void whatServesLosesItsProofWhenItIsNotAheadForLong() {
        see(200, both(() -> 1));
        proof.promoted();
        see(511, both(() -> 0));
        assertThat(proof.lost()).isEmpty();

        see(1, both(() -> 0));

        assertThat(proof.lost()).isPresent().get().asString().contains("no longer proven");
    }

    @Test
    void whatServesKeepsItsProofWhileItIsAhead() {
        proof.promoted();

        see(3_000, both(ahead(0.1, 0.02)));

        assertThat(proof.lost()).isEmpty();
    }

    @Test
    void laterPromotionsDoNotPutOffTheLoss() {
        proof.promoted();
        see(300, both(() -> 0));
        proof.promoted();

        see(212, both(() -> 0));

        assertThat(proof.lost()).isPresent();
    }

    @Test
    void anOperatorsChoiceIsOnlyTakenBackWhenItIsWorse() {
        see(200, both(() -> 1));
        proof.promoted();
        proof.chosen();

        see(1_000, both(() -> 0));
        assertThat(proof.lost()).isEmpty();
        assertThat(proof.missing(Paired.NONE)).isNotEmpty();

        see(100, both(() -> -1));
        assertThat(proof.lost()).isPresent();
    }

    @Test
    void labelsOfAShiftedListProveNothingAndTakeBackWhatServes() {
        for (int i = 0; i < 300; i++) {
            int truth = i % CLASSES;
            int label = (truth + 1) % CLASSES;
            int source = random.nextInt(10) < 4 ? truth : random.nextInt(CLASSES);
            proof.see(List.of(new Scored(label, source, label, label)));
        }
        assertThat(proof.missing(Paired.NONE)).singleElement().asString().contains("shifted by 1");
        assertThat(proof.lost()).isEmpty();

        proof.promoted();

        assertThat(proof.lost()).isPresent().get().asString().contains("shifted by 1");
    }

    @Test
    void trainingIsNotCalledWorseOnSamplesOfFewClasses() {
        for (int i = 0; i < 300; i++) {
            proof.see(List.of(sample(i % 7, -1)));
        }
        assertThat(proof.trainedAstray()).isEmpty();

        for (int i = 0; i < 4; i++) {
            proof.see(List.of(sample(6 + i % 2 * 2, -1), sample(7, -1)));
        }

        assertThat(proof.trainedAstray()).isPresent();
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
        see(300, both(ahead(0.3, 0.05)));
        proof.promoted();

        for (int c = 0; c < CLASSES; c++) {
            sorted(c, 20, -1);
            sorted(c, 40, 0);
        }

        assertThat(proof.lost()).isEmpty();
        assertThat(proof.trainedAstray()).isEmpty();
    }

    /** One class only. */
    private void sorted(int classIndex, int count, int lead) {
        for (int i = 0; i < count; i++) {
            int other = anyOtherThan(classIndex);
            int model = lead < 0 ? other : classIndex;
            proof.see(List.of(new Scored(classIndex, lead > 0 && i % 2 == 0 ? other : classIndex, model, model)));
        }
    }

    @Test
    void labelsThatBeginToLookWrongAreSaidOnceAndProveNothing() {
        List<LabelSuspicion> said = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            see(32, label -> new Scored((label + 3) % CLASSES, label, label, (label + 3) % CLASSES));
            proof.newSuspicion().ifPresent(said::add);
        }

        assertThat(said).extracting(LabelSuspicion::kind).containsExactly(LabelSuspicion.Kind.PERMUTED);
        assertThat(proof.missing(Paired.NONE)).contains("the labels themselves look permuted");
    }

    @Test
    void aCandidateWhoseAgreementChanceExplainsIsNotProven() {
        see(300, ahead(0.3, 0.05));
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
    void beginningAfreshForgetsAllEvidenceAndAsksForMoreThanAtFirst() {
        see(200, ahead(0.4, 0.05));
        proof.promoted();

        proof.afresh();

        assertThat(proof.missing(Paired.NONE)).hasSize(2);
        assertThat(proof.state().classes()).isEmpty();
        assertThat(proof.state().recent()).isEmpty();
        assertThat(proof.state().servedSince()).isEqualTo(-1);
        assertThat(proof.state().wealth()).allMatch(each -> each < 0.2);
    }

    @Test
    void underAnotherLabelSetNothingThatWasSeenOfLabelsCounts() {
        see(333, label -> new Scored((label + 3) % CLASSES, label, label, (label + 3) % CLASSES));
        assertThat(proof.newSuspicion()).isPresent();

        proof.relabelled();

        assertThat(proof.state().window()).isEmpty();
        assertThat(proof.state().labels()).containsOnly(0);
        assertThat(proof.state().suspected()).isEmpty();
        assertThat(proof.state().classes()).isEmpty();
        assertThat(proof.missing(Paired.NONE))
                .noneSatisfy(each -> assertThat(each).containsAnyOf("shifted", "permuted"));
    }

    @Test
    void goesOnFromWhatWasSavedAsIfNothingHadHappened() {
        see(333, both(ahead(0.3, 0.1)));
        proof.promoted();
        see(70, both(ahead(0.3, 0.1)));
        Proof restored = fresh();

        restored.restore(proof.state());

        assertThat(restored.state()).isEqualTo(proof.state());
        List<Scored> more = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            more.add(sample(i % CLASSES, i % 3 - 1));
        }
        proof.see(more);
        restored.see(more);
        assertThat(restored.state()).isEqualTo(proof.state());
        assertThat(restored.missing(Paired.NONE)).isEqualTo(proof.missing(Paired.NONE));
        assertThat(restored.lost()).isEqualTo(proof.lost());
    }

    @Test
    void aModelOfTwoClassesNeedsBothAndOneOfAThousandNeedsThirtyTwo() {
        GateSettings settings = GateSettings.defaults();

        assertThat(settings.neededClasses(1)).isEqualTo(1);
        assertThat(settings.neededClasses(2)).isEqualTo(2);
        assertThat(settings.neededClasses(10)).isEqualTo(8);
        assertThat(settings.neededClasses(1_000)).isEqualTo(32);
        assertThat(settings.withProof(0.05, 0).neededClasses(10)).isEqualTo(2);
    }

    /** Ahead with one probability and behind with the other. */
    private IntSupplier ahead(double won, double lost) {
        return () -> {
            double draw = random.nextDouble();
            return draw < won ? 1 : draw < won + lost ? -1 : 0;
        };
    }

    private interface Leads {
        Scored of(int label);
    }

    private Leads both(IntSupplier ahead) {
        return label -> {
            int lead = ahead.getAsInt();
            int other = anyOtherThan(label);
            int model = lead < 0 ? other : label;
            return new Scored(label, lead > 0 ? other : label, model, model);
        };
    }

    private void see(int count, IntSupplier ahead) {
        see(count, (Leads) label -> sample(label, ahead.getAsInt()));
    }

    /** In mini-batches, all classes in turn. */
    private void see(int count, Leads leads) {
        List<Scored> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batch.add(leads.of(next++ % CLASSES));
            if (batch.size() == 32 || i == count - 1) {
                proof.see(batch);
                batch.clear();
            }
        }
    }

    private int anyOtherThan(int label) {
        return (label + 1 + random.nextInt(CLASSES - 1)) % CLASSES;
    }

    private Scored sample(int label, int ahead) {
        int other = anyOtherThan(label);
        int source = ahead > 0 ? other : label;
        return new Scored(label, source, source, ahead < 0 ? other : label);
    }
}
