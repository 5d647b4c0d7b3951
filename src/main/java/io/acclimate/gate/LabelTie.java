package io.acclimate.gate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How likely a tie between labels and a model's classes is by chance. The labels are dealt anew to the same images {@value #DEALS} times;
 * the answer is the share of deals, the real one among them, in which the tie is at least as strong (Fisher's permutation test, so the
 * error probability is exact for every distribution of classes). The random state is fixed: equal samples give equal answers. Cost: O({@value
 * #DEALS} · samples). Fails to see: a tie that so few samples cannot show.
 */
final class LabelTie {
    private static final int DEALS = 199;

    private LabelTie() {}

    /** By how many labels are the model's class. */
    static double chanceOfHits(int[] labels, int[] classes) {
        return chance(labels, classes, false);
    }

    /** By Pearson's χ², which sees any tie: also that of classes under wrong names. */
    static double chanceOfTie(int[] labels, int[] classes) {
        return chance(labels, classes, true);
    }

    private static double chance(int[] labels, int[] classes, boolean anyTie) {
        int[] all = concatenated(labels, classes);
        int[] names = Arrays.stream(all).distinct().sorted().toArray();
        int[] rows = indices(labels, names);
        int[] columns = indices(classes, names);
        Cells cells = new Cells(rows, columns, names.length);
        double real = anyTie ? cells.pearson(rows, columns) : hits(rows, columns);
        SplittableRandom random = new SplittableRandom(1);
        int asStrong = 1;
        for (int deal = 0; deal < DEALS; deal++) {
            for (int i = rows.length - 1; i > 0; i--) {
                int other = random.nextInt(i + 1);
                int row = rows[i];
                rows[i] = rows[other];
                rows[other] = row;
            }
            double dealt = anyTie ? cells.pearson(rows, columns) : hits(rows, columns);
            asStrong += dealt >= real - 1e-9 ? 1 : 0;
        }
        return asStrong / (DEALS + 1.0);
    }

    private static int[] concatenated(int[] one, int[] other) {
        int[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }

    private static int[] indices(int[] values, int[] names) {
        return Arrays.stream(values)
                .map(value -> Arrays.binarySearch(names, value))
                .toArray();
    }

    private static int hits(int[] rows, int[] columns) {
        int hits = 0;
        for (int i = 0; i < rows.length; i++) {
            hits += rows[i] == columns[i] ? 1 : 0;
        }
        return hits;
    }

    /** How many samples are of each label and class. The sums over labels and over classes are the same for all deals. */
    private static final class Cells {
        private final int[] ofRow;
        private final int[] ofColumn;
        private final int[] count;

        Cells(int[] rows, int[] columns, int names) {
            ofRow = new int[names];
            ofColumn = new int[names];
            count = new int[names * names];
            for (int i = 0; i < rows.length; i++) {
                ofRow[rows[i]]++;
                ofColumn[columns[i]]++;
            }
        }

        /**
         * Computes Σ n²/(row · column) over all cells: χ² but for constants. Only cells with samples are visited: with 1,000 classes there
         * are a million others. Each sample adds n/(row · column) of its cell.
         */
        double pearson(int[] rows, int[] columns) {
            for (int i = 0; i < rows.length; i++) {
                count[cell(rows[i], columns[i])]++;
            }
            double sum = 0;
            for (int i = 0; i < rows.length; i++) {
                sum += count[cell(rows[i], columns[i])] / (double) ofRow[rows[i]] / ofColumn[columns[i]];
            }
            for (int i = 0; i < rows.length; i++) {
                count[cell(rows[i], columns[i])] = 0;
            }
            return sum;
        }

        private int cell(int row, int column) {
            return row * ofRow.length + column;
        }
    }
}
