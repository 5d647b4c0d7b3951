package io.acclimate.adapt.random;

/**
 * How much a round spends on its labels. The usual effort is halved so many times: first the replayed steps, and when none are left,
 * the share of mini-batches that steps are made for. The samples of the others only enter the replay buffer, from which later steps draw.
 * Which mini-batches these are is drawn by the domain's random state, so that every label has the same chance. Besides, once a
 * version is proven, the weights in training are watched and judged on only one of two or of four mini-batches. When steps are made for a share of the mini-batches
 * only, the weights are judged after each of these, because few of them would be watched as well.
 *
 * <p>What a single step costs is less, too, when the effort was halved often: {@link io.acclimate.adapt.settings.StepSettings#isLight}.
 *
 * <p>The worker chooses by the clock, how far it is behind and how long steps take, so each round's effort is kept in its event and in the checkpoint: a restart
 * and a rebuild repeat it.
 *
 * <p>Beyond the least effort is {@link #LEFT_OUT}: the mini-batch is neither decoded nor scored, judged, kept or learnt from, and only the position moves on.
 * It is recorded as the halvings of every effort are, so that a restart and a rebuild leave out the same mini-batches.
 *
 * @param halvings 0 for all that the settings say
 */
public record Effort(int halvings) {
    public static final int MOST_HALVINGS = 9;
    public static final Effort FULL = new Effort(0);
    /** Of the rounds that look at their labels, the one that spends the least on them. */
    public static final Effort LEAST = new Effort(MOST_HALVINGS);
    /** Nothing is done with the labels. */
    public static final Effort LEFT_OUT = new Effort(MOST_HALVINGS + 1);

    /** On average one of so many mini-batches is watched at least, so that a good candidate is not kept waiting for long. */
    private static final int WATCHED_AT_LEAST = 4;

    public Effort {
        if (halvings < 0 || halvings > MOST_HALVINGS + 1) {
            throw new IllegalArgumentException("effort is halved 0 to " + MOST_HALVINGS + " times, and once more is a"
                    + " mini-batch that is left out, got " + halvings + " times");
        }
    }

    public boolean isFull() {
        return halvings == 0;
    }

    public boolean isLeftOut() {
        return halvings > MOST_HALVINGS;
    }

    /** What is spent, as a share of what the settings say. */
    public double share() {
        return isLeftOut() ? 0 : StrictMath.pow(0.5, halvings);
    }

    /** The replayed steps for a mini-batch that would have {@code usual} of them. */
    public int replayedSteps(int usual) {
        return usual >> halvings;
    }

    /** True when steps are made for a mini-batch. */
    public boolean trains(int usual, SplitMix64 random) {
        return !leavesOut(usual) || random.below(trainsOneOf(usual)) == 0;
    }

    /** On average, steps are made for one of so many mini-batches. */
    public int trainsOneOf(int usual) {
        return leavesOut(usual) ? 1 << beyondReplays(usual) : 1;
    }

    /** True when steps are made for a share of the mini-batches only. */
    private boolean leavesOut(int usual) {
        return beyondReplays(usual) > 0;
    }

    /** The halvings that are left when no replayed step is. */
    private int beyondReplays(int usual) {
        return halvings - (Integer.SIZE - Integer.numberOfLeadingZeros(usual));
    }

    /**
     * True when the weights in training are watched before and after the domain's mini-batch of this number. The number is hashed:
     * records of images without labels are numbered in the same sequence, and where they alternate with labels, every mini-batch of
     * labels may have an odd number.
     */
    public boolean watches(long sequence) {
        return isOneOf(Math.min(WATCHED_AT_LEAST, 1 << halvings), sequence);
    }

    /** Chooses one of {@code many} mini-batches by the hash of their numbers. */
    public static boolean isOneOf(int many, long sequence) {
        return SplitMix64.mix(sequence) % many == 0;
    }
}
