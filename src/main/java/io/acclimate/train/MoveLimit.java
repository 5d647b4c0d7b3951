package io.acclimate.train;

/**
 * Bounds what one step does to one tensor: {@code ‖Δw‖ ≤ η · max(‖w‖, 0.01 · √n)}, with n elements. A longer move is shortened and
 * keeps its direction. This is the trust ratio of LARS (You, Gitman and Ginsburg, <i>Large Batch Training of Convolutional Networks</i>,
 * 2017), with two differences. It is a bound and not the length of the step: where gradients are small, the optimiser's own step remains,
 * so that a network that has learnt its stream comes to rest, while LARS and LAMB keep moving by η. And it is taken of the move
 * instead of the gradient, so that it also covers momentum, weight decay and the moments of AdamW. The floor lets a tensor that begins
 * at zero, as many biases do, leave it.
 *
 * <p>Plain rates (the best of which is the most that a range test could find), LARS, LAMB and AdamW were compared on several networks;
 * findings/decisions/learning-rate.md has the table. Cost: two sums over the weights. It fails where a whole network must change within
 * a few steps, and where a tensor holds parameters of very different size, since the large ones decide its bound.
 */
final class MoveLimit {
    private static final double FLOOR = 0.01;

    private MoveLimit() {}

    /** Shortens the move from {@code from} to {@code to}, in place, to {@code share} of the tensor's size. */
    static void apply(float[] from, float[] to, double share) {
        double squares = 0;
        double moved = 0;
        for (int i = 0; i < from.length; i++) {
            double change = (double) to[i] - from[i];
            squares += (double) from[i] * from[i];
            moved += change * change;
        }
        apply(from, to, share, squares, moved);
    }

    /**
     * The same where the sums are known.
     *
     * @param squares the sum of the squares of {@code from}
     * @param moved the sum of the squares of the move
     */
    static void apply(float[] from, float[] to, double share, double squares, double moved) {
        double longest = share * Math.max(Math.sqrt(squares), FLOOR * Math.sqrt(from.length));
        double length = Math.sqrt(moved);
        if (!(length > longest)) {
            return;
        }
        double scale = longest / length;
        for (int i = 0; i < from.length; i++) {
            to[i] = (float) (from[i] + scale * ((double) to[i] - from[i]));
        }
    }
}
