package io.acclimate.minibatch;

/**
 * How many labels may come, and how many of them of one class: whoever may write labels decides what is learnt.
 *
 * @param perSecond how many labels a second one producer may send in the long run; 0 sets no limit
 * @param burst how many labels one producer may send at once
 * @param classShare which part of a mini-batch one class may fill, in (0, 1]; 1 sets no limit, which is the default: labels that come
 *     sorted by class are right, and it is up to training to balance them
 * @param domains which target domains one partition of buffers holds
 */
public record LabelLimits(double perSecond, int burst, double classShare, DomainLimits domains) {
    /** So many samples of a class are always allowed: in a small mini-batch a share means nothing. */
    private static final int SMALLEST_SHARE = 8;

    public static final LabelLimits DEFAULT = new LabelLimits(200, 20_000, 1, DomainLimits.DEFAULT);

    public LabelLimits {
        if (!(perSecond >= 0) || burst < 1) {
            throw new IllegalArgumentException(
                    "labels per second are at least 0, and burst is at least 1, got " + perSecond + " and " + burst);
        }
        if (!(classShare > 0 && classShare <= 1)) {
            throw new IllegalArgumentException("a class's share is above 0 and at most 1, got " + classShare);
        }
    }

    /** @param places how many domains one partition holds at a time */
    public LabelLimits(double perSecond, int burst, double classShare, int places) {
        this(perSecond, burst, classShare, DomainLimits.DEFAULT.withPlaces(places));
    }

    /** How many samples of one class a mini-batch of {@code maxSamples} takes. */
    int perClass(int maxSamples) {
        return Math.max(SMALLEST_SHARE, (int) Math.floor(classShare * maxSamples));
    }
}
