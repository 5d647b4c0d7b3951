package io.acclimate.adapt.divergence;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.train.OptimizerSettings;
import io.acclimate.wire.v1.Checkpoint;
import java.util.Optional;

/**
 * How large the steps of a domain are, as a share of what the settings say, and how many rounds in a row showed a sign of {@link
 * Divergence}. Steps become smaller each time training starts again from the active version, down to a floor. They become larger by a
 * quarter, up to the whole, after each promotion and after {@value #CALM_ROUNDS} rounds in a row without a sign. Without the second
 * rule, a domain whose wrong labels caused the restarts would keep its small steps after the labels are right, and could never be
 * proven better than the source model. The size belongs to a learning rate: a checkpoint of another one says nothing of this one, whose steps
 * begin as large as set. One thread.
 */
public final class StepSize {
    public static final double SMALLEST = 1.0 / 256;
    public static final int CALM_ROUNDS = 16;
    private static final double GROWTH = 1.25;
    private static final int DIVERGED_ROUNDS = 2;

    private final OptimizerSettings optimizer;
    private final boolean scaleOfRate;
    private double scale = 1;
    private int divergedInRow;
    private int calmInRow;

    /** As large as the settings say. */
    public StepSize(AdaptSettings settings) {
        this.optimizer = settings.train().optimizer();
        this.scaleOfRate = settings.evaluation().scaleOfRate();
    }

    /** The factor of the rate and of the largest move that the settings say. */
    public double scale() {
        return scale;
    }

    /** Counts a round. True when training must start again: a single sign may be chance. */
    public boolean diverged(Optional<String> sign) {
        divergedInRow = sign.isPresent() ? divergedInRow + 1 : 0;
        calmInRow = sign.isPresent() || scale == 1 ? 0 : calmInRow + 1;
        if (calmInRow >= CALM_ROUNDS) {
            grow();
        }
        return divergedInRow >= DIVERGED_ROUNDS;
    }

    /** Training starts again from the active version, with steps {@code factor} times as large. */
    public void shrink(double factor) {
        scale = Math.max(SMALLEST, scale * factor);
        startAgain();
    }

    /** What was counted of the training before says nothing of the training that starts now. */
    public void startAgain() {
        divergedInRow = 0;
        calmInRow = 0;
    }

    public void grow() {
        scale = Math.min(1, scale * GROWTH);
        calmInRow = 0;
    }

    public void restore(Checkpoint checkpoint) {
        io.acclimate.wire.v1.StepSize saved = checkpoint.getStepSize();
        if (!checkpoint.hasStepSize() || (scaleOfRate && isOfAnotherRate(saved))) {
            scale = 1;
            startAgain();
            return;
        }
        scale = saved.getScale();
        divergedInRow = saved.getDivergedInRow();
        calmInRow = saved.getCalmInRow();
    }

    /** A checkpoint of an older build has no rate, and counts as one of this rate. */
    private boolean isOfAnotherRate(io.acclimate.wire.v1.StepSize saved) {
        return saved.hasRate()
                && (saved.getRate() != optimizer.learningRate()
                        || saved.getLargestMove() != optimizer.moves().largest());
    }

    /** Writes nothing while steps are as large as the settings say. */
    public void save(Checkpoint.Builder checkpoint) {
        if (scale != 1 || divergedInRow != 0) {
            checkpoint.setStepSize(io.acclimate.wire.v1.StepSize.newBuilder()
                    .setScale(scale)
                    .setDivergedInRow(divergedInRow)
                    .setCalmInRow(calmInRow)
                    .setRate(optimizer.learningRate())
                    .setLargestMove(optimizer.moves().largest()));
        }
    }
}
