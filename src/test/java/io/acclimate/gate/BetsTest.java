package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BetsTest {
    private static final double CAP = 400;
    private static final double THRESHOLD = 20;

    @Test
    void evidenceIsOneBeforeAnythingIsSeen() {
        assertThat(new Bets(CAP).evidence()).isEqualTo(1);
        assertThat(begun().evidence()).isCloseTo(1, within(1e-12));
    }

    @Test
    void eachStartBetsAShareAndAllSharesTogetherAreOne() {
        Bets bets = new Bets(CAP);
        for (int i = 0; i < 1_000; i++) {
            bets.begin();
            assertThat(bets.evidence()).isCloseTo(1, within(1e-9));
        }
        assertThat(bets.starts()).isEqualTo(1_000);
    }

    @Test
    void aWinMultipliesEachBetByOnePlusItsFraction() {
        Bets bets = begun();

        bets.see(1);

        assertThat(bets.wealth()).containsExactly(0.75 * 1.1, 0.75 * 1.35, 0.75 * 1.8);
        assertThat(bets.evidence()).isCloseTo(0.75 * (1.1 + 1.35 + 1.8) / 3 + 0.25, within(1e-12));
    }

    @Test
    void aLossOfHalfASampleTakesHalfAsMuch() {
        Bets bets = begun();

        bets.see(-0.5);

        assertThat(bets.wealth()).containsExactly(0.75 * 0.95, 0.75 * 0.825, 0.75 * 0.6);
    }

    /** The level is for the whole stream: evidence is looked at after each sample, and bets begin anew on the way. */
    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.2, 0.8})
    void fewerStreamsThanTheLevelSaysEverReachTheThresholdWhereModelsAreAlike(double differing) {
        SplittableRandom random = new SplittableRandom(5);
        int streams = 1_000;
        int deceived = 0;
        for (int i = 0; i < streams; i++) {
            deceived += reaches(THRESHOLD, 4_000, differing, 0.5, random) ? 1 : 0;
        }
        // Fifty are expected at most; twenty more are three standard deviations.
        assertThat(deceived).isLessThanOrEqualTo(70);
    }

    @Test
    void nearlyAllStreamsReachTheThresholdWhereTheCandidateIsBetter() {
        SplittableRandom random = new SplittableRandom(6);
        int proven = 0;
        for (int i = 0; i < 100; i++) {
            proven += reaches(THRESHOLD, 600, 0.4, 0.7, random) ? 1 : 0;
        }
        assertThat(proven).isGreaterThan(95);
    }

    @Test
    void whatWasLostAtFirstIsNotWonBackBeforeALaterBetIsWon() {
        Bets patient = begun();
        Bets again = begun();
        for (int i = 0; i < 60; i++) {
            patient.see(-1);
            again.see(-1);
        }

        again.begin();

        for (int i = 0; i < 20; i++) {
            patient.see(1);
            again.see(1);
        }
        assertThat(patient.evidence()).isLessThan(THRESHOLD);
        assertThat(again.evidence()).isGreaterThan(THRESHOLD);
    }

    @Test
    void wealthIsCappedSoThatALongPastDoesNotOutweighThePresent() {
        Bets bets = begun();
        for (int i = 0; i < 1_000; i++) {
            bets.see(1);
        }
        assertThat(bets.wealth()).containsOnly(CAP);

        for (int i = 0; i < 40; i++) {
            bets.see(-1);
        }

        assertThat(bets.evidence()).isLessThan(THRESHOLD);
    }

    @Test
    void whatIsForfeitedIsLostAndTheNextShareIsASmallerOne() {
        Bets bets = begun();
        bets.see(1);

        bets.forfeit();

        assertThat(bets.evidence()).isEqualTo(0.25);
        bets.begin();
        assertThat(bets.wealth()).containsOnly(0.125);
    }

    @Test
    void goesOnFromWhatWasSaved() {
        Bets bets = begun();
        bets.see(1);
        bets.begin();
        Bets restored = new Bets(CAP);

        restored.restore(bets.wealth(), bets.starts());

        assertThat(restored.wealth()).isEqualTo(bets.wealth());
        assertThat(restored.evidence()).isEqualTo(bets.evidence());
        bets.begin();
        restored.begin();
        assertThat(restored.wealth()).isEqualTo(bets.wealth());
    }

    @Test
    void takesOverNoWealthOfOtherBetsButTheirNumberOfStarts() {
        Bets restored = begun();

        restored.restore(java.util.List.of(7.0), 3);

        assertThat(restored.wealth()).containsOnly(0.0);
        assertThat(restored.starts()).isEqualTo(3);
    }

    private static boolean reaches(
            double threshold, int samples, double differing, double won, SplittableRandom random) {
        Bets bets = begun();
        for (int i = 1; i <= samples; i++) {
            bets.see(random.nextDouble() >= differing ? 0 : random.nextDouble() < won ? 1 : -1);
            if (bets.evidence() >= threshold) {
                return true;
            }
            if (i % 256 == 0) {
                bets.begin();
            }
        }
        return false;
    }

    private static Bets begun() {
        Bets bets = new Bets(CAP);
        bets.begin();
        return bets;
    }
}
