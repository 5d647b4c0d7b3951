package io.acclimate.serve;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Shape;
import io.acclimate.infer.Lease;
import io.acclimate.infer.RunFailedException;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The runs of one batch on one lease. A run fails as a whole, so one row that the model cannot run takes the others with it. After a
 * failure its halves run by themselves, down to single rows, so that few bad rows among many cost few runs.
 *
 * <p>Memory that is short fails in the same way as a bad row. So a row is refused only if it fails alone twice and the session runs the
 * row of its warm-up before and after that. If the session does not even run the row of its warm-up, as it did when it was opened, nothing
 * is known about any row: the batch fails, and must be taken again later.
 *
 * <p>Rejected alternative: to refuse whatever fails alone. A machine without memory would turn a healthy stream into dead letters.
 *
 * <p>One thread.
 */
final class RowRuns {
    private final Lease lease;
    private final List<ModelInput.Row> rows;
    private final int classes;
    private final float[] output;
    private final List<Integer> failedAlone = new ArrayList<>();
    private final Map<Integer, String> refused = new HashMap<>();

    /**
     * What the model gave.
     *
     * @param output raw scores {@code [rows, classes] float32}; those of a refused row are NaN, so that a check of the scores finds it
     * @param refused what the model said of each row that it cannot run, by the row's index
     */
    record Scored(FloatTensor output, Map<Integer, String> refused) {
        Scored {
            refused = Map.copyOf(refused);
        }
    }

    private RowRuns(Lease lease, List<? extends ModelInput.Row> rows) {
        this.lease = lease;
        this.rows = List.copyOf(rows);
        this.classes = lease.card().classes().count();
        this.output = new float[Math.multiplyExact(rows.size(), classes)];
    }

    /**
     * Runs all rows at once, and apart only if that fails.
     *
     * @throws IllegalStateException if the session does not run the row of its warm-up either
     */
    static Scored run(Lease lease, List<? extends ModelInput.Row> rows) {
        try {
            return new Scored(lease.run(rows), Map.of());
        } catch (RunFailedException e) {
            return new RowRuns(lease, rows).apart(e);
        }
    }

    private Scored apart(RunFailedException failure) {
        dryRun(failure);
        halves(0, rows.size());
        for (int row : failedAlone) {
            try {
                take(row, row + 1);
            } catch (RunFailedException again) {
                failure = again;
                refused.put(row, String.valueOf(again.getMessage()));
                Arrays.fill(output, row * classes, (row + 1) * classes, Float.NaN);
            }
        }
        if (!refused.isEmpty()) {
            dryRun(failure);
        }
        return new Scored(FloatTensor.wrap(Shape.of(rows.size(), classes), output), refused);
    }

    /** Runs the rows {@code from} to {@code to}, which have failed together. */
    private void halves(int from, int to) {
        if (to - from == 1) {
            failedAlone.add(from);
            return;
        }
        int middle = (from + to) >>> 1;
        together(from, middle);
        together(middle, to);
    }

    private void together(int from, int to) {
        try {
            take(from, to);
        } catch (RunFailedException e) {
            halves(from, to);
        }
    }

    private void take(int from, int to) {
        float[] part = lease.run(rows.subList(from, to)).values();
        System.arraycopy(part, 0, output, from * classes, part.length);
    }

    private void dryRun(RunFailedException failure) {
        try {
            lease.dryRun();
        } catch (InvalidModelException e) {
            e.addSuppressed(failure);
            throw new IllegalStateException(
                    "version " + lease.version().number() + " fails on images and on the row of its warm-up too, so the"
                            + " images are not the cause: " + e.getMessage(),
                    e);
        }
    }
}
