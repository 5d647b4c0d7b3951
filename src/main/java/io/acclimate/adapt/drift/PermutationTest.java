package io.acclimate.adapt.drift;

import io.acclimate.adapt.random.SplitMix64;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether two properties of samples have anything to do with each other, among samples of equal strata: a permutation test with the sum over
 * strata of Pearson's χ². The columns are shuffled within each stratum {@value #SHUFFLES} times; the answer is the share of arrangements,
 * the observed one included, with at least as large a sum. So it is right with any number of samples, where tables of χ² are not: after a
 * change there are a few samples of each class. It is never below one in a thousand. Cost: each shuffle is linear in the samples, whatever the number
 * of classes. The same seed gives the same answer.
 */
final class PermutationTest {
    private static final int SHUFFLES = 999;

    private final List<Stratum> strata = new ArrayList<>();

    /** Samples of one stratum, with rows and columns numbered from 0. */
    private static final class Stratum {
        private final int[] rows;
        private final int[] columns;
        private final int[] rowTotals;
        private final int[] columnTotals;
        private final int[] cells;

        Stratum(int[] someRows, int[] someColumns) {
            rows = numbered(someRows);
            columns = numbered(someColumns);
            rowTotals = totals(rows);
            columnTotals = totals(columns);
            cells = new int[rowTotals.length * columnTotals.length];
        }

        private static int[] numbered(int[] values) {
            Map<Integer, Integer> numbers = new HashMap<>();
            int[] numbered = new int[values.length];
            for (int i = 0; i < values.length; i++) {
                Integer known = numbers.putIfAbsent(values[i], numbers.size());
                numbered[i] = known == null ? numbers.size() - 1 : known;
            }
            return numbered;
        }

        private static int[] totals(int[] numbered) {
            int count = 0;
            for (int each : numbered) {
                count = Math.max(count, each + 1);
            }
            int[] totals = new int[count];
            for (int each : numbered) {
                totals[each]++;
            }
            return totals;
        }

        /** True when there is something to compare. */
        boolean says() {
            return rowTotals.length > 1 && columnTotals.length > 1;
        }

        /** {@code Σ o² / (r · c)} times the samples, which is χ² and the number of samples. */
        double statistic() {
            double sum = 0;
            for (int i = 0; i < rows.length; i++) {
                int cell = rows[i] * columnTotals.length + columns[i];
                sum += (2 * cells[cell] + 1) / ((double) rowTotals[rows[i]] * columnTotals[columns[i]]);
                cells[cell]++;
            }
            for (int i = 0; i < rows.length; i++) {
                cells[rows[i] * columnTotals.length + columns[i]] = 0;
            }
            return sum * rows.length;
        }

        void shuffle(SplitMix64 random) {
            for (int i = columns.length - 1; i > 0; i--) {
                int other = random.below(i + 1);
                int held = columns[i];
                columns[i] = columns[other];
                columns[other] = held;
            }
        }
    }

    /** Of as many samples as each of these has elements. */
    PermutationTest(int[] rows, int[] columns, int[] stratum) {
        Map<Integer, List<Integer>> members = new HashMap<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < stratum.length; i++) {
            List<Integer> some = members.computeIfAbsent(stratum[i], key -> {
                order.add(key);
                return new ArrayList<>();
            });
            some.add(i);
        }
        for (int key : order) {
            List<Integer> some = members.getOrDefault(key, List.of());
            Stratum each = new Stratum(
                    some.stream().mapToInt(i -> rows[i]).toArray(),
                    some.stream().mapToInt(i -> columns[i]).toArray());
            if (each.says()) {
                strata.add(each);
            }
        }
    }

    /** The probability of such a sum, or a larger one, where the properties have nothing to do with each other; 1 when nothing can be compared. */
    double probability(SplitMix64 random) {
        double observed = sum();
        // Sums of the same terms in another order differ in their last bits.
        double least = observed * (1 - 1e-9);
        int asLarge = 1;
        for (int i = 0; i < SHUFFLES; i++) {
            strata.forEach(each -> each.shuffle(random));
            asLarge += sum() >= least ? 1 : 0;
        }
        return asLarge / (SHUFFLES + 1.0);
    }

    private double sum() {
        double sum = 0;
        for (Stratum each : strata) {
            sum += each.statistic();
        }
        return sum;
    }
}
