package io.acclimate.app.bench.adapt;

/**
 * Finds out for how many rounds in a row the loss on target samples was far above its start: above {@value #TIMES} times the loss of the
 * first round and above half of what guessing costs, {@code ½ · ln classes}. The first round trains on few samples many times over, so
 * its loss may be so near 0 that a multiple of it is no divergence. One thread.
 */
final class LossWatch {
    static final int TIMES = 3;

    private final double least;
    private double start = Double.NaN;
    private int inRow;
    private int most;

    LossWatch(int classes) {
        this.least = Math.log(classes) / 2;
    }

    /** @param loss the mean of a round's steps; no number when all of them were skipped */
    void see(double loss) {
        if (Double.isNaN(start)) {
            start = loss;
            return;
        }
        inRow = loss <= Math.max(least, TIMES * start) ? 0 : inRow + 1;
        most = Math.max(most, inRow);
    }

    int most() {
        return most;
    }
}
