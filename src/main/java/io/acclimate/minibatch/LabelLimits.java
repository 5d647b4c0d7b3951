package io.acclimate.minibatch;

/**
 * How fast and how one-sidedly labels may come, since whoever may write labels writes what is learnt.
 *
 * @param perSecond labels a second that one producer may send in the long run; 0 sets no limit
 * @param burst labels that one producer may send at once
 * @param classShare part of a mini-batch that one class may fill, in (0, 1]; 1 sets no limit
 * @param domains target domains that one partition of buffers holds
 */
public record LabelLimits(double perSecond, int burst, double classShare, int domains) {
    /** In a smaller mini-batch a share says nothing. */
    private static final int SMALLEST_SHARE = 8;

    public static final LabelLimits DEFAULT = new LabelLimits(200, 20_000, 0.75, 256);

    public LabelLimits {
        if (!(perSecond >= 0) || burst < 1 || domains < 1) {
            throw new IllegalArgumentException("labels per second are at least 0, burst and domains at least 1, got "
                    + perSecond + ", " + burst + " and " + domains);
        }
        if (!(classShare > 0 && classShare <= 1)) {
            throw new IllegalArgumentException("a class's share is above 0 and at most 1, got " + classShare);
        }
    }

    /** Samples of one class that a mini-batch of {@code maxSamples} takes. */
    int perClass(int maxSamples) {
        return Math.max(SMALLEST_SHARE, (int) Math.floor(classShare * maxSamples));
    }
}
