package io.acclimate.train;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.onnx.rewrite.UntrainedRows;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Bounds the steps of a tensor of the last layer in which some classes have rows that nobody has trained yet. Such a row begins as the
 * mean of the others, or at random, and has as far to go as a trained row is long, while {@link MoveLimit} lets a tensor move by a small
 * share of its norm, which all its rows divide among them. So each of these rows has a bound of its own, {@code ‖Δr‖ ≤ φ · s}, where s is
 * the root mean square of the norms of the trained rows (of the first values of all rows, when none is trained). The bound holds until
 * the row is {@value #FAR} · s away from where it began. From then on it counts as trained. The trained rows together keep the bound that
 * a tensor has.
 *
 * <p>How far a row is from its beginning follows from the weights, so a checkpoint need not keep it. Cost: three sums over the tensor.
 * It fails to spare a row that was trained elsewhere and never moved here: it is bounded as a fresh one, which only lets it move faster.
 */
final class FreshRowLimit {
    private static final double FLOOR = 0.01;
    static final double FAR = 1;

    private final Set<Integer> fresh;
    private final float[] start;
    private final int classes;
    private final int inner;

    /** @param axis of the classes in {@code start}, the values with which the fresh classes began */
    FreshRowLimit(FloatTensor start, int axis, Set<Integer> fresh) {
        this.fresh = Set.copyOf(fresh);
        this.start = start.values();
        this.classes = start.shape().extent(axis);
        int rank = start.shape().rank();
        this.inner = (int) new Shape(start.shape().extents().subList(axis + 1, rank)).elements();
    }

    /** The bounds of the tensors that have such rows, by name. */
    static Map<String, FreshRowLimit> of(UntrainedRows rows, Map<String, FloatTensor> weights) {
        Map<String, FreshRowLimit> limits = new TreeMap<>();
        rows.axes().forEach((name, axis) -> {
            FloatTensor start = weights.get(name);
            if (start != null) {
                limits.put(name, new FreshRowLimit(start, axis, rows.classes()));
            }
        });
        return limits;
    }

    /**
     * Shortens the moves from {@code from} to {@code to}, in place.
     *
     * @param share of the norm of the trained rows that those move by at most
     * @param freshShare of the norm of one trained row that each fresh row moves by at most
     */
    void apply(float[] from, float[] to, double share, double freshShare) {
        double[] squares = new double[classes];
        double[] begun = new double[classes];
        double[] gone = new double[classes];
        double[] moved = new double[classes];
        for (int i = 0; i < from.length; i++) {
            int row = row(i);
            squares[row] += (double) from[i] * from[i];
            begun[row] += (double) start[i] * start[i];
            gone[row] += square((double) from[i] - start[i]);
            moved[row] += square((double) to[i] - from[i]);
        }
        double typical = Math.max(typical(squares, begun), FLOOR * FLOOR * from.length / classes);
        double[] scales = new double[classes];
        double trained = 0;
        double trainedMoved = 0;
        int count = 0;
        for (int row = 0; row < classes; row++) {
            if (fresh.contains(row) && gone[row] < FAR * FAR * typical) {
                scales[row] = scale(freshShare * Math.sqrt(typical), Math.sqrt(moved[row]));
            } else {
                scales[row] = Double.NaN;
                trained += squares[row];
                trainedMoved += moved[row];
                count++;
            }
        }
        double least = FLOOR * Math.sqrt((double) from.length / classes * count);
        double others = scale(share * Math.max(Math.sqrt(trained), least), Math.sqrt(trainedMoved));
        for (int i = 0; i < from.length; i++) {
            double own = scales[row(i)];
            double scale = Double.isNaN(own) ? others : own;
            if (scale != 1) {
                to[i] = (float) (from[i] + scale * ((double) to[i] - from[i]));
            }
        }
    }

    private int row(int element) {
        return element / inner % classes;
    }

    /** The mean of the squared norms of the trained rows, or of the rows as they began. */
    private double typical(double[] squares, double[] begun) {
        double sum = 0;
        for (int row = 0; row < classes; row++) {
            sum += fresh.size() == classes ? begun[row] : fresh.contains(row) ? 0 : squares[row];
        }
        return sum / (fresh.size() == classes ? classes : classes - fresh.size());
    }

    private static double scale(double longest, double length) {
        return length > longest ? longest / length : 1;
    }

    private static double square(double value) {
        return value * value;
    }
}
