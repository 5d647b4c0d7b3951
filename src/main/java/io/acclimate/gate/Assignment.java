package io.acclimate.gate;

import java.util.Arrays;

/**
 * The one-to-one assignment of rows to columns with the largest sum of values: the Hungarian method with potentials and shortest
 * augmenting paths (Kuhn 1955, Munkres 1957). Cost: O(n³).
 */
final class Assignment {
    private final int[][] values;
    private final int size;
    private final double[] rowPotential;
    private final double[] columnPotential;
    /** The row that each column is assigned to, from 1; 0 for none yet. Column 0 holds the row that is being assigned. */
    private final int[] rowOf;

    private Assignment(int[][] values) {
        this.values = values;
        this.size = values.length;
        this.rowPotential = new double[size + 1];
        this.columnPotential = new double[size + 1];
        this.rowOf = new int[size + 1];
    }

    /** The column of each row. */
    static int[] largest(int[][] square) {
        Assignment assignment = new Assignment(square);
        for (int row = 1; row <= assignment.size; row++) {
            assignment.assign(row);
        }
        int[] columns = new int[assignment.size];
        for (int column = 1; column <= assignment.size; column++) {
            columns[assignment.rowOf[column] - 1] = column - 1;
        }
        return columns;
    }

    private void assign(int row) {
        rowOf[0] = row;
        int[] cameFrom = new int[size + 1];
        double[] distance = new double[size + 1];
        boolean[] visited = new boolean[size + 1];
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
        int column = 0;
        while (rowOf[column] != 0) {
            column = advance(column, cameFrom, distance, visited);
        }
        while (column != 0) {
            int before = cameFrom[column];
            rowOf[column] = rowOf[before];
            column = before;
        }
    }

    /** Visits {@code column} and answers with the nearest column that was not visited yet. */
    private int advance(int column, int[] cameFrom, double[] distance, boolean[] visited) {
        visited[column] = true;
        int row = rowOf[column];
        int nearest = 0;
        double step = Double.POSITIVE_INFINITY;
        for (int other = 1; other <= size; other++) {
            if (visited[other]) {
                continue;
            }
            double cost = -values[row - 1][other - 1] - rowPotential[row] - columnPotential[other];
            if (cost < distance[other]) {
                distance[other] = cost;
                cameFrom[other] = column;
            }
            if (distance[other] < step) {
                step = distance[other];
                nearest = other;
            }
        }
        for (int other = 0; other <= size; other++) {
            if (visited[other]) {
                rowPotential[rowOf[other]] += step;
                columnPotential[other] -= step;
            } else {
                distance[other] -= step;
            }
        }
        return nearest;
    }
}
