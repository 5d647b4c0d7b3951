package io.acclimate.gate;

import static io.acclimate.gate.ScoredLabels.CLASSES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProofTest {
    private final Proof proof = fresh();
    private final ScoredLabels labels = new ScoredLabels(proof);

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
        labels.see(200, labels.ahead(0.3, 0.05));

        assertThat(proof.missing(Paired.NONE)).isEmpty();
    }

    @Test
    void labelsThatSayNothingProveNothing() {
        for (int i = 0; i < 200; i++) {
            labels.see(32, labels.ahead(0.1, 0.1));
            assertThat(proof.missing(Paired.NONE)).isNotEmpty();
        }
    }

    @Test
    void aModelThatKnowsOneClassIsNotProven() {
        for (int i = 0; i < 40; i++) {
            proof.see(List.of(labels.sample(3, 1), labels.sample(3, 1), labels.sample(3, 1)));
        }

        assertThat(proof.missing(Paired.NONE))
                .anySatisfy(each -> assertThat(each).contains("1 of the 10 classes"));
    }

    @Test
    void aFloodOfOneClassDoesNotOutweighWhatIsLostOnTheOthers() {
        for (int i = 0; i < 60; i++) {
            List<Scored> batch = new ArrayList<>();
            for (int j = 0; j < 20; j++) {
                batch.add(labels.sample(0, 1));
            }
            for (int c = 1; c < CLASSES; c++) {
                batch.add(labels.sample(c, c % 2 == 0 ? -1 : 0));
            }
            proof.see(batch);
        }

        assertThat(proof.missing(Paired.NONE)).isNotEmpty();
    }

    @Test
    void classesWithOneSampleAreNotYetSeen() {
        for (int c = 0; c < CLASSES; c++) {
            proof.see(List.of(labels.sample(c, 1)));
        }
        assertThat(proof.missing(Paired.NONE))
                .anySatisfy(each -> assertThat(each).contains("0 of the 10 classes"));

        for (int c = 0; c < 8; c++) {
            proof.see(List.of(labels.sample(c, 1)));
        }

        assertThat(proof.missing(Paired.NONE))
                .noneSatisfy(each -> assertThat(each).contains("of the 10 classes"));
    }

    @Test
    void aProofOfLongAgoDoesNotHoldWhenLabelsSayNothingAnyMore() {
        labels.see(512, labels.ahead(0.4, 0.05));
        assertThat(proof.missing(Paired.NONE)).isEmpty();

        labels.see(256, labels.ahead(0.05, 0.07));

        assertThat(proof.missing(Paired.NONE)).isNotEmpty();
    }

    @Test
    void aLeadThatComesLateIsProvenToo() {
        labels.see(2_000, labels.ahead(0.05, 0.08));
        proof.restarted();

        labels.see(400, labels.ahead(0.3, 0.05));

        assertThat(proof.missing(Paired.NONE)).isEmpty();
    }

    @Test
    void trainingThatIsWorseIsNoticedAndSilencedByARestart() {
        labels.see(150, labels.ahead(0.02, 0.4));
        assertThat(proof.trainedAstray()).isPresent().get().asString().contains("worse than the source model");

        proof.restarted();

        assertThat(proof.trainedAstray()).isEmpty();
    }

    @Test
    void whatServesLosesItsProofAtOnceWhenItIsWorse() {
        labels.see(200, labels.ahead(0.3, 0.05));
        proof.promoted();

        labels.see(150, labels.both(() -> labels.below(10) < 4 ? -1 : 0));

        assertThat(proof.lost()).isPresent().get().asString().contains("is worse than the source model");
    }

    @Test
    void whatServesLosesItsProofWhenItIsNotAheadForLong() {
        labels.see(200, labels.both(() -> 1));
        proof.promoted();
        labels.see(511, labels.both(() -> 0));
        assertThat(proof.lost()).isEmpty();

        labels.see(1, labels.both(() -> 0));

        assertThat(proof.lost()).isPresent().get().asString().contains("no longer proven");
    }

    @Test
    void whatServesKeepsItsProofWhileItIsAhead() {
        proof.promoted();

        labels.see(3_000, labels.both(labels.ahead(0.1, 0.02)));

        assertThat(proof.lost()).isEmpty();
    }

    @Test
    void laterPromotionsDoNotPutOffTheLoss() {
        proof.promoted();
        labels.see(300, labels.both(() -> 0));
        proof.promoted();

        labels.see(212, labels.both(() -> 0));

        assertThat(proof.lost()).isPresent();
    }

    @Test
    void anOperatorsChoiceIsOnlyTakenBackWhenItIsWorse() {
        labels.see(200, labels.both(() -> 1));
        proof.promoted();
        proof.chosen();

        labels.see(1_000, labels.both(() -> 0));
        assertThat(proof.lost()).isEmpty();
        assertThat(proof.missing(Paired.NONE)).isNotEmpty();

        labels.see(100, labels.both(() -> -1));
        assertThat(proof.lost()).isPresent();
    }

    @Test
    void trainingIsNotCalledWorseOnSamplesOfFewClasses() {
        for (int i = 0; i < 300; i++) {
            proof.see(List.of(labels.sample(i % 7, -1)));
        }
        assertThat(proof.trainedAstray()).isEmpty();

        for (int i = 0; i < 4; i++) {
            proof.see(List.of(labels.sample(6 + i % 2 * 2, -1), labels.sample(7, -1)));
        }

        assertThat(proof.trainedAstray()).isPresent();
    }

    @Test
    void beginningAfreshForgetsAllEvidenceAndAsksForMoreThanAtFirst() {
        labels.see(200, labels.ahead(0.4, 0.05));
        proof.promoted();

        proof.afresh();

        assertThat(proof.missing(Paired.NONE)).hasSize(2);
        assertThat(proof.state().classes()).isEmpty();
        assertThat(proof.state().recent()).isEmpty();
        assertThat(proof.state().servedSince()).isEqualTo(-1);
        assertThat(proof.state().wealth()).allMatch(each -> each < 0.2);
    }

    @Test
    void goesOnFromWhatWasSavedAsIfNothingHadHappened() {
        labels.see(333, labels.both(labels.ahead(0.3, 0.1)));
        proof.promoted();
        labels.see(70, labels.both(labels.ahead(0.3, 0.1)));
        Proof restored = fresh();

        restored.restore(proof.state());

        assertThat(restored.state()).isEqualTo(proof.state());
        List<Scored> more = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            more.add(labels.sample(i % CLASSES, i % 3 - 1));
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
}
