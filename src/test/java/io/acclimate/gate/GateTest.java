package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.GateDecision;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final Paired EVEN = new Paired(100, 50, 0, 0);
    private static final GateSettings SETTINGS =
            new GateSettings(4, 0.02, 1, 0.1, GateSettings.Rule.NON_INFERIOR, GateSettings.Proven.defaults());

    private static GateDecision decide(Paired active, Paired source, Paired best, Optional<Paired> retained) {
        return Gate.decide(new Evidence(active, source, best, retained, true, 5, 5, List.of()), SETTINGS);
    }

    private static List<String> reasons(GateDecision decision) {
        return decision instanceof GateDecision.Reject reject ? reject.reasons() : List.of();
    }

    /** Of 100 samples: the candidate loses so many and wins none. */
    private static Paired losing(int samples) {
        return new Paired(100, 50, 0, samples);
    }

    @Test
    void aLossIsAllowedUpToTheToleranceAndSoManyStandardErrors() {
        // 4 lost of 100: 0.02 · 100 + 1 · √4 = 4.0 allowed; 5 lost: 2 + √5 = 4.2 allowed.
        assertThat(decide(losing(4), EVEN, EVEN, Optional.empty())).isEqualTo(new GateDecision.Promote());
        assertThat(reasons(decide(losing(5), EVEN, EVEN, Optional.empty())))
                .containsExactly(
                        "accuracy 0.5000 is below 0.5500 of the active version: 5 of 100 samples lost, 4.2 allowed");
    }

    @Test
    void samplesThatOnlyTheCandidateHasRightWidenTheErrorToo() {
        // 6 lost and 1 won: behind by 5, with 2 + √7 = 4.6 allowed. 5 lost and 1 won: by 4, with 2 + √6 = 4.4.
        assertThat(reasons(decide(new Paired(100, 50, 1, 6), EVEN, EVEN, Optional.empty())))
                .hasSize(1);
        assertThat(decide(new Paired(100, 50, 1, 5), EVEN, EVEN, Optional.empty()))
                .isEqualTo(new GateDecision.Promote());
    }

    @Test
    void theSourceModelIsComparedByTheSameRule() {
        assertThat(reasons(decide(EVEN, losing(5), EVEN, Optional.empty())))
                .containsExactly(
                        "accuracy 0.5000 is below 0.5500 of the source model: 5 of 100 samples lost, 4.2 allowed");
    }

    @Test
    void theBestVersionMayBeMissedByTwoStandardErrors() {
        // 7 lost: 2 + 2 · √7 = 7.3 allowed. 8 lost: 7.7 allowed.
        assertThat(decide(EVEN, EVEN, losing(7), Optional.empty())).isEqualTo(new GateDecision.Promote());
        assertThat(reasons(decide(EVEN, EVEN, losing(8), Optional.empty())))
                .containsExactly(
                        "accuracy 0.5000 is below 0.5800 of the best version so far: 8 of 100 samples lost, 7.7 allowed");
    }

    @Test
    void fromSixtyFourSamplesOnNoMoreThanEightPointsMayBeLostAgainstTheBest() {
        // 0.02 · 64 + 2 · √36 = 13.3 by the error alone, 5.12 by the cap.
        assertThat(decide(EVEN, EVEN, new Paired(63, 0, 12, 24), Optional.empty()))
                .isEqualTo(new GateDecision.Promote());
        assertThat(reasons(decide(EVEN, EVEN, new Paired(64, 0, 12, 24), Optional.empty())))
                .containsExactly(
                        "accuracy 0.1875 is below 0.3750 of the best version so far: 12 of 64 samples lost, 5.1 allowed");
    }

    @Test
    void sourceSamplesHaveATolerance0fTheirOwn() {
        // 0.1 · 100 + √14 = 13.7 allowed for 14 lost, 13.6 for 13.
        assertThat(decide(EVEN, EVEN, EVEN, Optional.of(losing(13)))).isEqualTo(new GateDecision.Promote());
        assertThat(reasons(decide(EVEN, EVEN, EVEN, Optional.of(losing(14)))))
                .containsExactly("accuracy 0.5000 is below 0.6400 of the source model on source samples:"
                        + " 14 of 100 samples lost, 13.7 allowed");
    }

    @Test
    void everyReasonIsGivenInAFixedOrder() {
        assertThat(reasons(decide(losing(50), losing(50), losing(50), Optional.of(losing(50)))))
                .extracting(reason -> reason.replaceAll(".* of ([^:]*):.*", "$1"))
                .containsExactly(
                        "the active version",
                        "the best version so far",
                        "the source model",
                        "the source model on source samples");
    }

    @Test
    void tooSmallAHoldoutDefersAndSaysHowManyAreMissing() {
        assertThat(decide(new Paired(3, 0, 0, 3), EVEN, EVEN, Optional.empty()))
                .isEqualTo(new GateDecision.Defer(List.of("the holdout has 3 samples of at least 4")));
        assertThat(decide(new Paired(4, 1, 0, 0), EVEN, EVEN, Optional.empty())).isEqualTo(new GateDecision.Promote());
    }

    @Test
    void scoresThatAreNotFiniteAreRejectedBeforeAnythingElse() {
        Evidence evidence = new Evidence(Paired.NONE, EVEN, EVEN, Optional.empty(), false, 5, 5, List.of());

        assertThat(reasons(Gate.decide(evidence, SETTINGS))).containsExactly("the candidate's scores are not finite");
    }

    @Test
    void oneClassForAllIsRejectedFromSixteenSamplesOnUnlessTheLabelsHaveOneClassOnly() {
        assertThat(reasons(constant(16, 1, 2)))
                .containsExactly("the candidate predicts one class for all 16 holdout samples of 2 classes");
        assertThat(constant(15, 1, 2)).isEqualTo(new GateDecision.Promote());
        assertThat(constant(16, 1, 1)).isEqualTo(new GateDecision.Promote());
        assertThat(constant(16, 2, 2)).isEqualTo(new GateDecision.Promote());
    }

    private static GateDecision constant(int samples, int predicted, int labelled) {
        Paired even = new Paired(samples, samples / 2, 0, 0);
        return Gate.decide(new Evidence(even, even, Optional.empty(), true, predicted, labelled), SETTINGS);
    }
}
