package io.acclimate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AssignmentTest {
    @Test
    void rowsGetTheColumnsWithTheLargestSum() {
        assertThat(Assignment.largest(new int[][] {{7, 5, 1}, {8, 1, 0}, {3, 2, 2}}))
                .as("5 + 8 + 2")
                .containsExactly(1, 0, 2);
    }

    @Test
    void noOtherAssignmentHasALargerSum() {
        Random random = new Random(1);
        for (int trial = 0; trial < 200; trial++) {
            int[][] values = new int[5][5];
            for (int[] row : values) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = random.nextInt(20);
                }
            }

            int[] columns = Assignment.largest(values);

            int sum = 0;
            for (int row = 0; row < 5; row++) {
                sum += values[row][columns[row]];
            }
            assertThat(columns).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
            assertThat(sum).isEqualTo(best(values, 0, 0));
        }
    }

    /** Tries all. */
    private static int best(int[][] values, int row, int taken) {
        if (row == values.length) {
            return 0;
        }
        int best = 0;
        for (int column = 0; column < values.length; column++) {
            if ((taken >> column & 1) == 0) {
                best = Math.max(best, values[row][column] + best(values, row + 1, taken | 1 << column));
            }
        }
        return best;
    }

    @Test
    void nothingIsAssignedToNothing() {
        assertThat(Assignment.largest(new int[0][0])).isEmpty();
    }
}
