package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ClassPairsTest {
    private static final int CLASSES = 4;

    private final ClassPairs pairs = new ClassPairs(CLASSES);

    private void see(int source, int label, int count) {
        for (int i = 0; i < count; i++) {
            pairs.see(source, label);
        }
    }

    /** Class 0: 7 times its own label and once the next; class 1: twice and 12 times; class 3 is never right, and comes with 0 five times. */
    private void three() {
        see(0, 0, 7);
        see(0, 1, 1);
        see(1, 1, 2);
        see(1, 2, 12);
        see(3, 0, 5);
    }

    @Test
    void eachClassThatWasNamedVotesWithTheLogarithmOfHowOftenItCameShiftedAndUnshifted() {
        three();

        ClassPairs.Votes votes = pairs.votes().orElseThrow();

        double zero = Math.log(1.5 / 7.5);
        double one = Math.log(12.5 / 2.5);
        double three = Math.log(5.5 / 0.5);
        assertThat(votes.shift()).isEqualTo(1);
        assertThat(votes.sum()).isCloseTo(zero + one + three, within(1e-9));
        assertThat(votes.ofOthers()).isCloseTo(zero + one, within(1e-9));
        assertThat(votes.ahead()).as("of no shift").isCloseTo(votes.sum(), within(1e-9));
        assertThat(votes.inFavour()).isEqualTo(2);
        assertThat(votes.against()).isOne();
    }

    @Test
    void aShiftIsAheadOfTheNextOne() {
        see(0, 1, 9);
        see(1, 2, 9);
        see(0, 2, 4);
        see(1, 3, 4);

        ClassPairs.Votes votes = pairs.votes().orElseThrow();

        assertThat(votes.shift()).isEqualTo(1);
        assertThat(votes.ahead()).isCloseTo(2 * Math.log(9.5 / 4.5), within(1e-9));
    }

    @Test
    void ofShiftsForWhichTheSameIsSaidTheSmallestIsNamedAndIsNotAhead() {
        see(2, 1, 6);
        see(2, 0, 6);

        ClassPairs.Votes votes = pairs.votes().orElseThrow();

        assertThat(votes.shift()).isEqualTo(2);
        assertThat(votes.ahead()).isZero();
    }

    @Test
    void againstAreTheClassesThatCameWithTheirOwnLabelMoreOften() {
        see(0, 0, 3);
        see(1, 1, 3);
        see(1, 2, 3);
        see(2, 2, 3);
        see(2, 3, 4);

        ClassPairs.Votes votes = pairs.votes().orElseThrow();

        assertThat(votes.inFavour()).isOne();
        assertThat(votes.against()).as("class 0; class 1 came with both alike").isOne();
    }

    @Test
    void theMeanVoteIsOfTheClassesThatCameWithTheirOwnLabelOrTheShiftedOne() {
        three();
        see(2, 1, 4);

        assertThat(pairs.meanVote(1))
                .as("class 2 says nothing of a shift by 1")
                .isCloseTo((Math.log(1.5 / 7.5) + Math.log(12.5 / 2.5) + Math.log(5.5 / 0.5)) / 3, within(1e-9));
        assertThat(pairs.meanVote(3))
                .isCloseTo((Math.log(0.5 / 7.5) + Math.log(0.5 / 2.5) + Math.log(4.5 / 0.5)) / 3, within(1e-9));
        assertThat(new ClassPairs(CLASSES).meanVote(1)).isZero();
        assertThat(pairs.mean(new ClassPairs(CLASSES)).meanVote(1))
                .as("each pair counts half in the mean with nothing")
                .isCloseTo((Math.log(1 / 4.0) + Math.log(6.5 / 1.5) + Math.log(3 / 0.5)) / 3, within(1e-9));
    }

    @Test
    void nobodyVotesWithoutALabelThatIsNotTheModelsClass() {
        see(1, 1, 5);

        assertThat(pairs.votes()).isEmpty();
    }

    @Test
    void countsAreHalvedAndRarePairsForgotten() {
        see(0, 1, 5);
        see(0, 2, 1);

        pairs.halve();

        assertThat(pairs.state()).containsExactly(0, 1, 2);
    }

    @Test
    void goesOnFromWhatWasSaved() {
        three();
        ClassPairs restored = new ClassPairs(CLASSES);
        restored.see(2, 2);

        restored.restore(pairs.state());

        assertThat(restored.state()).isEqualTo(pairs.state()).hasSize(15);
        assertThat(restored.votes()).isEqualTo(pairs.votes());
    }
}
