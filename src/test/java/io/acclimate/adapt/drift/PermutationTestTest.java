package io.acclimate.adapt.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.SplitMix64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PermutationTestTest {
    private static double probability(int[] rows, int[] columns, int[] strata) {
        return new PermutationTest(rows, columns, strata).probability(new SplitMix64(1));
    }

    @Test
    void whatHasNothingToDoWithEachOtherIsFoundAsOftenAsTheLevelSays() {
        Random random = new Random(3);
        int found = 0;
        for (int i = 0; i < 400; i++) {
            int[] rows = random.ints(40, 0, 2).toArray();
            int[] columns = random.ints(40, 0, 5).toArray();
            found += probability(rows, columns, new int[40]) <= 0.1 ? 1 : 0;
        }

        assertThat(found).as("of 400 at the level 0.1").isBetween(22, 58);
    }

    @Test
    void whatGoesTogetherIsFound() {
        int[] rows = new Random(3).ints(40, 0, 2).toArray();

        assertThat(probability(rows, rows.clone(), new int[40])).isEqualTo(0.001);
    }

    @Test
    void whatGoesTogetherOnlySinceBothFollowTheStratumIsNot() {
        Random random = new Random(3);
        int[] strata = random.ints(200, 0, 2).toArray();
        int[] rows = new int[200];
        int[] columns = new int[200];
        for (int i = 0; i < 200; i++) {
            rows[i] = random.nextDouble() < 0.9 ? strata[i] : 1 - strata[i];
            columns[i] = random.nextDouble() < 0.9 ? strata[i] : 1 - strata[i];
        }

        assertThat(probability(rows, columns, new int[200])).isEqualTo(0.001);
        assertThat(probability(rows, columns, strata)).isGreaterThan(0.05);
    }

    @Test
    void whereNothingCanBeComparedNothingIsFound() {
        assertThat(probability(new int[5], new int[] {1, 2, 3, 4, 5}, new int[5]))
                .isOne();
        assertThat(probability(new int[] {0, 1}, new int[] {3, 4}, new int[] {0, 1}))
                .isOne();
    }

    @Test
    void theSameSeedGivesTheSameAnswer() {
        Random random = new Random(5);
        int[] rows = random.ints(60, 0, 3).toArray();
        int[] columns = random.ints(60, 0, 3).toArray();

        assertThat(probability(rows, columns, new int[60])).isEqualTo(probability(rows, columns, new int[60]));
    }
}
