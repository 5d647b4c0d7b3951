package io.acclimate.gate;

/**
 * How strict the gate is.
 *
 * @param minimumHoldout samples below which it defers
 * @param tolerance how much accuracy a candidate may lose by rule, in [0, 1]
 * @param z standard errors that a loss must exceed to count as one; higher promotes more
 * @param maxSourceDrop how far accuracy on source samples may fall below the source model's, in [0, 1]
 * @param rule whether a candidate must be proven better than the source model
 * @param proven what the proof asks for
 */
public record GateSettings(
        int minimumHoldout, double tolerance, double z, double maxSourceDrop, Rule rule, Proven proven) {
    /** What a candidate must be, beside no worse than the active version. */
    public enum Rule {
        /** Proven better than the source model on recent samples that nothing was trained on. Until then the source model serves. */
        PROVEN,
        /** Not proven worse than the source model. */
        NON_INFERIOR
    }

    /** Which labels are looked at to find out whether they are of another list of classes. Names are those of provenance. */
    public enum Suspicion {
        /** Those of all classes. */
        ALL_CLASSES,
        /** Those of classes that the source model was trained for; of two classes, a small difference tells nothing. */
        KNOWN_CLASSES,
        /**
         * As {@link #KNOWN_CLASSES}, and what speaks for another list must not come from a single class that the source model names. Besides, each
         * class that it names has a vote.
         */
        SEVERAL_CLASSES,
        /**
         * As {@link #SEVERAL_CLASSES}, and classes vote by the source model's scores as they are and by centred ones alike. While few labels have
         * come, nothing is proven against the votes.
         */
        CENTRED_SCORES,
        /**
         * As {@link #CENTRED_SCORES}, and classes that are alike to the source model must be alike by their labels. A list of classes that is
         * off by one, and that this and the scores speak for, is suspected. Another order that this speaks against is not.
         */
        ALIKE_CLASSES;

        boolean isAtLeast(Suspicion other) {
            return compareTo(other) >= 0;
        }
    }

    /** What of a worker that is behind its labels is evidence. Names are those of provenance. */
    public enum Watch {
        /** The mini-batches that the effort says, and each of them is judged on the holdout. */
        BY_EFFORT,
        /**
         * Until a version is proven, every mini-batch, and the holdout is asked when nothing else is missing and every so often. A network
         * that takes seconds to be judged would else spend on that what its proof needs.
         */
        UNTIL_PROVEN
    }

    /** When what serves loses its proof. Names are those of provenance. */
    public enum Withdrawal {
        /** When it is worse than the source model, or not ahead of it over the last samples. */
        BY_LEAD,
        /** Besides, when it has fallen behind at once: the domain is no longer the one that it was proven on. */
        BY_TURN
    }

    /**
     * What the proof that a candidate is better than the source model asks for.
     *
     * @param level the probability with which the proof may be wrong once in the life of a domain, in (0, 1)
     * @param classShare the share of the model's classes that must have labelled samples before anything is proven, in [0, 1]
     * @param suspicion which labels are looked at to find out whether they are of another list of classes
     * @param watch what is evidence while the worker is behind
     * @param withdrawal when what serves loses its proof
     */
    public record Proven(double level, double classShare, Suspicion suspicion, Watch watch, Withdrawal withdrawal) {
        public Proven {
            if (!(level > 0 && level < 1)) {
                throw new IllegalArgumentException("the level is between 0 and 1, got " + level);
            }
            if (!(classShare >= 0 && classShare <= 1)) {
                throw new IllegalArgumentException("the share of classes is in [0, 1], got " + classShare);
            }
        }

        public static Proven defaults() {
            return new Proven(0.05, 0.8, Suspicion.ALIKE_CLASSES, Watch.UNTIL_PROVEN, Withdrawal.BY_TURN);
        }
    }

    /** Labels of more classes than these are not waited for, however many the model has. */
    private static final int CLASSES_AT_MOST = 32;

    /** With fewer samples, a candidate may predict a single class by chance. */
    static final int CONSTANT_FROM = 16;

    /** Standard errors that a loss against the best version so far must exceed. It is not z, since the best of many is best by luck, too. */
    static final double BEST_Z = 2;

    /** Accuracy that a candidate may lose against the best version at most, however much the two differ. */
    static final double BEST_DROP = 0.08;

    /** The number of samples from which on {@link #BEST_DROP} holds; with fewer, 8 points are within the noise. */
    static final int BEST_DROP_FROM = 64;

    /** The holdout that must exist before a version that serves can be found at fault. */
    private static final int SERVED_HOLDOUT = 16;

    private static final double SERVED_Z = 3;

    public GateSettings {
        if (minimumHoldout < 1) {
            throw new IllegalArgumentException("the minimum holdout is at least 1 sample, got " + minimumHoldout);
        }
        if (!(tolerance >= 0 && tolerance <= 1) || !(maxSourceDrop >= 0 && maxSourceDrop <= 1)) {
            throw new IllegalArgumentException(
                    "tolerance and source drop are in [0, 1], got " + tolerance + " and " + maxSourceDrop);
        }
        if (!(z >= 0 && z <= 10)) {
            throw new IllegalArgumentException("z is in [0, 10], got " + z);
        }
    }

    /** How many classes must have labelled samples, of {@code classes} that the model has. */
    int neededClasses(int classes) {
        return Math.max(
                Math.min(2, classes), Math.min(CLASSES_AT_MOST, (int) Math.ceil(proven.classShare() * classes)));
    }

    public GateSettings withRule(Rule value) {
        return new GateSettings(minimumHoldout, tolerance, z, maxSourceDrop, value, proven);
    }

    public GateSettings withProof(double level, double classShare) {
        return withProven(new Proven(level, classShare, proven.suspicion(), proven.watch(), proven.withdrawal()));
    }

    public GateSettings withProven(Proven value) {
        return new GateSettings(minimumHoldout, tolerance, z, maxSourceDrop, rule, value);
    }

    /** For a version that serves: it has passed the gate once, so only a loss of three standard errors on a sure holdout counts. */
    public GateSettings againstServed() {
        return new GateSettings(SERVED_HOLDOUT, tolerance, SERVED_Z, maxSourceDrop, rule, proven);
    }

    public static GateSettings defaults() {
        return new GateSettings(4, 0.005, 1.28, 0.10, Rule.PROVEN, Proven.defaults());
    }
}
