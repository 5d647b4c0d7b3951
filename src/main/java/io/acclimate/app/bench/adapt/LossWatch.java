package io.acclimate.app.bench.adapt;

/** Finds out for how many rounds in a row the loss on target samples was far above its start. One thread. */
final class LossWatch {
    static final int TIMES = 3;

    private double start = Double.NaN;
    private int inRow;
    private int most;

    /** @param loss the mean of a round's steps; no number when all of them were skipped */
    void see(double loss) {
        if (Double.isNaN(start)) {
            start = loss;
            return;
        }
        inRow = loss <= TIMES * start ? 0 : inRow + 1;
        most = Math.max(most, inRow);
    }

    int most() {
        return most;
    }
}
