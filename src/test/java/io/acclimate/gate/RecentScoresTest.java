package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RecentScoresTest {
    private final RecentScores scores = new RecentScores(100);

    @Test
    void classesWeighTheSameHoweverManySamplesTheyHave() {
        add(0, 1, 90);
        add(1, -1, 10);

        assertThat(scores.candidate(100).mean()).isCloseTo(0, within(1e-12));
    }

    @Test
    void errorIsThatOfAMeanOfClassMeans() {
        add(0, 1, 2);
        add(0, 0, 2);

        RecentScores.Lead lead = scores.candidate(100);

        assertThat(lead.mean()).isEqualTo(0.5);
        assertThat(lead.error()).isCloseTo(Math.sqrt((0.5 - 0.25 + 0.25) / 4), within(1e-12));
        assertThat(lead.samples()).isEqualTo(4);
    }

    @Test
    void onlyTheLastSamplesCount() {
        add(0, 1, 50);
        add(0, -1, 5);

        assertThat(scores.candidate(5).mean()).isEqualTo(-1);
        assertThat(scores.candidate(10).mean()).isEqualTo(0);
    }

    @Test
    void theOldestLeaveWhenItIsFull() {
        add(0, -1, 60);
        add(0, 1, 100);

        assertThat(scores.size()).isEqualTo(100);
        assertThat(scores.candidate(100).mean()).isEqualTo(1);
    }

    @Test
    void leadsOfCandidateAndActiveVersionAreApart() {
        scores.add(new Scored(4, 4, 4, 1));
        scores.add(new Scored(4, 1, 1, 4));

        assertThat(scores.candidate(1).mean()).isEqualTo(1);
        assertThat(scores.candidate(2).mean()).isEqualTo(0);
        assertThat(scores.active(2).mean()).isEqualTo(0);
    }

    @Test
    void nothingIsKnownWithoutSamples() {
        assertThat(scores.active(10).mean()).isNaN();
        add(0, 1, 3);
        scores.clear();
        assertThat(scores.active(10).error()).isNaN();
        assertThat(scores.size()).isZero();
    }

    @Test
    void labelsAreSortedWhenMostHaveTheClassOfTheOneBefore() {
        add(0, 1, 100);
        assertThat(scores.sorted()).as("one class").isTrue();

        add(1, 1, 100);
        assertThat(scores.sorted()).as("one class after the other").isTrue();

        for (int i = 0; i < 200; i++) {
            add(i % 7 % 2, 1, 1);
        }
        assertThat(scores.sorted()).as("two classes in turn").isFalse();
    }

    @Test
    void aRareClassAmongManyOfAnotherIsNotSorted() {
        for (int i = 0; i < 200; i++) {
            add(i % 20 == 0 ? 1 : 0, 1, 1);
        }

        assertThat(scores.sorted()).isFalse();
    }

    @Property
    void packedSampleIsTheSample(
            @ForAll @IntRange(min = 0, max = 5_000) int label,
            @ForAll @IntRange(min = -1, max = 1) int candidate,
            @ForAll @IntRange(min = -1, max = 1) int active) {
        RecentScores.Ahead sample = new RecentScores.Ahead(label, candidate, active);

        assertThat(RecentScores.Ahead.unpacked(sample.packed())).isEqualTo(sample);
    }

    @Test
    void goesOnFromWhatWasSaved() {
        add(3, 1, 7);
        add(2, -1, 4);
        RecentScores restored = new RecentScores(100);

        restored.restore(scores.packed());

        assertThat(restored.packed()).isEqualTo(scores.packed());
        assertThat(restored.candidate(11)).isEqualTo(scores.candidate(11));
    }

    private void add(int label, int ahead, int count) {
        for (int i = 0; i < count; i++) {
            scores.add(sample(label, ahead));
        }
    }

    /** The candidate is ahead, behind or equal; the active version is the source model. */
    static Scored sample(int label, int ahead) {
        int other = label + 1;
        int source = ahead > 0 ? other : label;
        return new Scored(label, source, source, ahead < 0 ? other : label);
    }

    /** Class 0 has a mean of 1 and an error of ½/2; class 1 a mean of ¼ and of (¼ − 1/16 + ¼)/4, both squared. */
    @Test
    void theErrorOfSeveralClassesIsThatOfTheMeanOfTheirMeans() {
        add(0, 1, 2);
        add(1, 1, 1);
        add(1, 0, 3);

        RecentScores.Lead lead = scores.candidate(100);

        assertThat(lead.mean()).isCloseTo(0.625, within(1e-12));
        assertThat(lead.error()).isCloseTo(Math.sqrt(0.25 + 0.109375) / 2, within(1e-12));
    }

    @Test
    void orderIsToldFromSixteenSamplesOn() {
        add(0, 1, 15);
        assertThat(scores.showsOrder()).isFalse();

        add(0, 1, 1);

        assertThat(scores.showsOrder()).isTrue();
    }

    @Test
    void countsTheClassesThatHaveEnoughOfTheLastSamples() {
        add(4, 1, 50);
        add(0, 1, 1);
        add(1, 1, 2);
        add(2, 1, 3);

        assertThat(scores.classes(6, 2)).isEqualTo(2);
        assertThat(scores.classes(6, 1)).isEqualTo(3);
        assertThat(scores.classes(7, 1)).isEqualTo(4);
    }

    @Test
    void whatWasSavedReplacesWhatIsHere() {
        add(3, 1, 7);
        RecentScores other = new RecentScores(100);
        other.add(sample(1, -1));

        scores.restore(other.packed());

        assertThat(scores.packed()).isEqualTo(other.packed());
    }
}
