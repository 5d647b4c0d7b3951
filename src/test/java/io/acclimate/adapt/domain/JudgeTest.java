package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.answers.PrequentialAnswers;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AnswerSettings;
import io.acclimate.core.GateDecision;
import io.acclimate.gate.GateSettings;
import io.acclimate.gate.Paired;
import io.acclimate.infer.BiasModel;
import io.acclimate.infer.ModelSession;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final GateSettings SETTINGS =
            new GateSettings(1, 0, 0, 0.5, GateSettings.Rule.NON_INFERIOR, GateSettings.Proven.defaults());

    private final BaseModel model = Linear.model();

    @AfterEach
    void close() {
        model.close();
    }

    private Judge judge(Holdout holdout) {
        return judge(holdout, new SourceSet(Optional.empty(), 0, model.source()));
    }

    private Judge judge(Holdout holdout, SourceSet sourceSet) {
        return new Judge(model, sourceSet, holdout, SETTINGS, new PrequentialAnswers(AnswerSettings.defaults()));
    }

    @Test
    void comparesTheCandidateWithTheActiveVersionTheSourceModelAndTheBestVersion() {
        Holdout holdout = Linear.holdout(1, 2, 0, 3);
        holdout.setBest(new boolean[] {true, false, false, false});
        try (ModelSession candidate = model.session(Linear.version(1, 2, 4, 4));
                ModelSession active = model.session(Linear.version(1, 4, 0, 4))) {

            Judge.Verdict verdict = judge(holdout).judge(candidate, active, 1, heldOut -> List.of());

            assertThat(verdict.evidence().active()).isEqualTo(new Paired(4, 1, 1, 1));
            assertThat(verdict.evidence().source()).isEqualTo(new Paired(4, 0, 2, 1));
            assertThat(verdict.evidence().best()).isEqualTo(new Paired(4, 1, 1, 0));
            assertThat(verdict.evidence().retained()).isEmpty();
            assertThat(verdict.evidence().finite()).isTrue();
            assertThat(verdict.evidence().predictedClasses()).isEqualTo(3);
            assertThat(verdict.evidence().labelledClasses()).isEqualTo(4);
            assertThat(verdict.decision()).isEqualTo(new GateDecision.Promote());
            assertThat(verdict.predicted().classes()).containsExactly(1, 2, 4, 4);
        }
    }

    @Test
    void whileTheSourceModelIsActiveItIsBothThatTheCandidateIsComparedWith() {
        try (ModelSession candidate = model.session(Linear.version(4, 4))) {

            Judge.Verdict verdict =
                    judge(Linear.holdout(0, 1)).judge(candidate, model.source(), 0, heldOut -> List.of());

            assertThat(verdict.evidence().active()).isEqualTo(new Paired(2, 0, 0, 1));
            assertThat(verdict.evidence().source()).isEqualTo(new Paired(2, 0, 0, 1));
            assertThat(verdict.decision()).isInstanceOf(GateDecision.Reject.class);
        }
    }

    @Test
    void withoutAHoldoutTheDecisionIsDeferred() {
        try (ModelSession candidate = model.session(Linear.version(1))) {

            Judge.Verdict verdict = judge(new Holdout(16)).judge(candidate, model.source(), 0, heldOut -> List.of());

            assertThat(verdict.decision()).isInstanceOf(GateDecision.Defer.class);
            assertThat(verdict.predicted()).isEqualTo(BaseModel.Predicted.NONE);
            assertThat(verdict.evidence().active()).isEqualTo(Paired.NONE);
        }
    }

    @Test
    void aCandidateWithoutFiniteScoresIsRejected() {
        try (ModelSession candidate = model.session(BiasModel.nan())) {

            Judge.Verdict verdict =
                    judge(Linear.holdout(1, 2)).judge(candidate, model.source(), 0, heldOut -> List.of());

            assertThat(verdict.decision()).isInstanceOf(GateDecision.Reject.class);
        }
    }

    @Test
    void judgingChangesNothingAndAPromotionWithAsManyRightBecomesTheBest() {
        Holdout holdout = Linear.holdout(1, 2, 3);
        holdout.setBest(new boolean[] {false, false, true});
        Judge judge = judge(holdout);
        try (ModelSession candidate = model.session(Linear.version(1, 4, 4))) {
            Judge.Verdict verdict = judge.judge(candidate, model.source(), 0, heldOut -> List.of());
            assertThat(holdout.best()).containsExactly(false, false, true);

            judge.promoted(verdict, 1);

            assertThat(holdout.best()).containsExactly(true, false, false);
        }
    }

    @Test
    void aPromotionWithFewerRightIsNotTheBest() {
        Holdout holdout = Linear.holdout(1, 2, 3);
        holdout.setBest(new boolean[] {false, true, true});
        Judge judge = judge(holdout);
        try (ModelSession candidate = model.session(Linear.version(1, 4, 4))) {

            judge.promoted(judge.judge(candidate, model.source(), 0, heldOut -> List.of()), 1);

            assertThat(holdout.best()).containsExactly(false, true, true);
        }
    }

    @Test
    void aVersionThatSomebodyChoseIsTheBestWhateverItHasRight() {
        Holdout holdout = Linear.holdout(1, 2, 3);
        holdout.setBest(new boolean[] {true, true, true});
        try (ModelSession chosen = model.session(Linear.version(4, 4, 3))) {

            judge(holdout).chosen(chosen, 1);

            assertThat(holdout.best()).containsExactly(false, false, true);
        }
    }

    @Test
    void choosingAVersionBeforeAnySampleIsHeldChangesNothing() {
        Holdout holdout = new Holdout(16);

        judge(holdout).chosen(model.source(), 0);

        assertThat(holdout.best()).isEmpty();
    }

    @Test
    void aServedVersionIsAtFaultOnlyAfterALossOfThreeStandardErrors() {
        // All labels are 0, as the source model answers: 9 losses are three standard errors (3 · √9), 10 are more.
        Judge judge = judge(Linear.holdout(new int[20]));
        int[] nineWrong = new int[20];
        Arrays.fill(nineWrong, 0, 9, 1);
        int[] tenWrong = new int[20];
        Arrays.fill(tenWrong, 0, 10, 1);
        try (ModelSession nine = model.session(Linear.version(nineWrong));
                ModelSession ten = model.session(Linear.version(tenWrong))) {

            assertThat(judge.fault(nine)).isEmpty();
            assertThat(judge.fault(ten))
                    .hasValue(
                            "accuracy 0.5000 is below 1.0000 of the active version: 10 of 20 samples lost, 9.5 allowed;"
                                    + " accuracy 0.5000 is below 1.0000 of the source model: 10 of 20 samples lost, 9.5 allowed");
        }
    }

    @Test
    void fifteenSamplesAreTooFewToFindAServedVersionAtFault() {
        try (ModelSession wrong = model.session(BiasModel.version(1))) {
            assertThat(judge(Linear.holdout(new int[15])).fault(wrong)).isEmpty();
            assertThat(judge(Linear.holdout(new int[16])).fault(wrong)).isPresent();
            assertThat(judge(new Holdout(16)).fault(wrong)).isEmpty();
        }
    }

    @Test
    void theSourceModelIsNeverAtFault() {
        int[] labels = new int[20];
        Arrays.fill(labels, 1);

        assertThat(judge(Linear.holdout(labels)).fault(model.source())).isEmpty();
    }

    @Test
    void whatForgotTheSourceSetIsRejectedAndAtFault() {
        int[] labels = new int[40];
        SourceSet sourceSet = new SourceSet(Optional.of(Linear.source(labels)), 20, model.source());
        Holdout holdout = Linear.holdout(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        try (ModelSession forgot = model.session(BiasModel.version(1))) {
            Judge judge = judge(holdout, sourceSet);

            Judge.Verdict verdict = judge.judge(forgot, model.source(), 0, heldOut -> List.of());

            assertThat(verdict.evidence().retained()).contains(new Paired(20, 0, 0, 20));
            assertThat(((GateDecision.Reject) verdict.decision()).reasons())
                    .isEqualTo(List.of("accuracy 0.0000 is below 1.0000 of the source model on source samples:"
                            + " 20 of 20 samples lost, 10.0 allowed"));
            assertThat(judge.fault(forgot)).isEmpty();
        }
    }

    @Test
    void anotherModelIsNoWorseWithAsManyHeldSamplesRight() {
        try (ModelSession two = model.session(Linear.version(1, 2, 4));
                ModelSession otherTwo = model.session(Linear.version(4, 2, 3));
                ModelSession one = model.session(Linear.version(1, 4, 4))) {
            Judge judge = judge(Linear.holdout(1, 2, 3));

            assertThat(judge.isNoWorse(otherTwo, two)).isTrue();
            assertThat(judge.isNoWorse(one, two)).isFalse();
            assertThat(judge.isNoWorse(two, one)).isTrue();
            assertThat(judge(new Holdout(16)).isNoWorse(one, two))
                    .as("nothing is held")
                    .isTrue();
        }
    }

    @Test
    void sourceSamplesAreNotAskedForWhileAProofIsMissing() {
        SourceSet sourceSet = new SourceSet(Optional.of(Linear.source(new int[40])), 20, model.source());
        try (ModelSession candidate = model.session(BiasModel.version(1))) {
            Judge judge = judge(Linear.holdout(1, 1, 1, 1, 1, 1), sourceSet);

            Judge.Verdict unproven = judge.judge(candidate, model.source(), 0, heldOut -> List.of("a proof"));

            assertThat(unproven.decision()).isEqualTo(new GateDecision.Defer(List.of("a proof")));
            assertThat(unproven.evidence().retained()).isEmpty();
        }
    }

    /** What is kept is wrong here, so that the models' own answers can be told from it. */
    @Test
    void aModelThatAnsweredWhenTheSamplesCameIsNotAskedAgain() {
        Holdout holdout = new Holdout(64, Shelf.HEAP, AnswerSettings.Asked.ONCE);
        holdout.restore(Linear.holdout(1, 2, 0).samples(), List.of());
        holdout.ofSource(new boolean[] {true, true, false});
        holdout.ofActive(3, new boolean[] {true, false, true});
        try (ModelSession candidate = model.session(Linear.version(1, 4, 4));
                ModelSession active = model.session(Linear.version(4, 4, 4))) {

            Judge.Verdict kept = judge(holdout).judge(candidate, active, 3, heldOut -> List.of());
            Judge.Verdict ofAnotherVersion = judge(holdout).judge(candidate, active, 4, heldOut -> List.of());

            assertThat(kept.evidence().source()).isEqualTo(new Paired(3, 1, 0, 1));
            assertThat(kept.evidence().active()).isEqualTo(new Paired(3, 1, 0, 1));
            assertThat(ofAnotherVersion.evidence().active()).isEqualTo(new Paired(3, 0, 1, 0));
        }
    }

    @Test
    void aModelThatIsAskedAtAJudgementIsNotAskedAtTheNext() {
        Holdout holdout = new Holdout(64, Shelf.HEAP, AnswerSettings.Asked.ONCE);
        holdout.restore(Linear.holdout(1, 2, 0).samples(), List.of());
        try (ModelSession candidate = model.session(Linear.version(1, 4, 4));
                ModelSession active = model.session(Linear.version(4, 2, 4))) {

            var unused = judge(holdout).judge(candidate, active, 3, heldOut -> List.of());

            assertThat(holdout.ofSource()).hasValue(new boolean[] {false, false, true});
            assertThat(holdout.ofActive(3)).hasValue(new boolean[] {false, true, false});
        }
    }

    @Test
    void aPromotedCandidateIsKnownOnTheHoldoutAndSoIsAVersionThatSomebodyChose() {
        Holdout holdout = new Holdout(64, Shelf.HEAP, AnswerSettings.Asked.ONCE);
        holdout.restore(Linear.holdout(1, 2, 3).samples(), List.of());
        Judge judge = judge(holdout);
        try (ModelSession candidate = model.session(Linear.version(1, 4, 4));
                ModelSession chosen = model.session(Linear.version(4, 4, 3))) {
            judge.promoted(judge.judge(candidate, model.source(), 0, heldOut -> List.of()), 1);
            assertThat(holdout.ofActive(1)).hasValue(new boolean[] {true, false, false});

            judge.chosen(chosen, 7);

            assertThat(holdout.ofActive(7)).hasValue(new boolean[] {false, false, true});
            assertThat(holdout.ofActive(1)).isEmpty();
        }
    }
}
