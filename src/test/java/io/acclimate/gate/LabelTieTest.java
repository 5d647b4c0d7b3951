package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelTieTest {
    private static final int CLASSES = 10;
    private static final double SMALLEST = 1 / 200.0;

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void rightLabelsAreNoneOfTheDealsThatChanceMakes() {
        int[] labels = random(100);

        assertThat(LabelTie.chanceOfHits(labels, labels)).isEqualTo(SMALLEST);
        assertThat(LabelTie.chanceOfTie(labels, labels)).isEqualTo(SMALLEST);
    }

    @Test
    void aTieUnderWrongNamesIsATieAndNoHits() {
        int[] labels = random(100);
        int[] shifted = IntStream.of(labels).map(label -> (label + 1) % CLASSES).toArray();

        assertThat(LabelTie.chanceOfTie(labels, shifted)).isEqualTo(SMALLEST);
        assertThat(LabelTie.chanceOfHits(labels, shifted)).isGreaterThan(0.9);
    }

    @Test
    void chanceIsEquallyLikelyToBeAnythingForLabelsThatSayNothing() {
        int below = 0;
        for (int trial = 0; trial < 300; trial++) {
            below += LabelTie.chanceOfHits(random(100), random(100)) <= 0.2 ? 1 : 0;
        }

        assertThat(below)
                .as("a fifth of 300 or fewer, since ties count as stronger")
                .isBetween(25, 75);
    }

    @Test
    void oneClassForAllImagesIsNoTie() {
        assertThat(LabelTie.chanceOfHits(random(100), new int[100])).isEqualTo(1);
        assertThat(LabelTie.chanceOfTie(random(100), new int[100])).isEqualTo(1);
    }

    @Test
    void equalSamplesGiveEqualAnswers() {
        int[] labels = random(50);
        int[] classes = random(50);

        assertThat(LabelTie.chanceOfTie(labels, classes)).isEqualTo(LabelTie.chanceOfTie(labels, classes));
    }

    private int[] random(int count) {
        return random.ints(count, 0, CLASSES).toArray();
    }

    /** Two samples of a rare class that the model alone names: of 100 · 99 / 2 places for them, only one is theirs. */
    @Test
    void aRareClassThatTheModelFindsIsATieHoweverLittleItKnowsOfTheLargeOnes() {
        int[] labels = random.ints(100, 0, 2).toArray();
        int[] classes = random.ints(100, 0, 2).toArray();
        for (int i = 0; i < 2; i++) {
            labels[i] = 2;
            classes[i] = 2;
        }

        assertThat(LabelTie.chanceOfTie(labels, classes)).isLessThan(0.02);
    }

    @Test
    void classesThatNoLabelNamesAreNoHits() {
        assertThat(LabelTie.chanceOfHits(new int[] {1, 2, 1, 2}, new int[] {5, 6, 6, 5}))
                .isEqualTo(1);
    }
}
