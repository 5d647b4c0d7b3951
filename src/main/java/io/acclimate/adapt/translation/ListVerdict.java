package io.acclimate.adapt.translation;

import io.acclimate.adapt.settings.StepSettings.Translation.Look;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a domain's labels are those of a list of classes that is off by one. The source model is right, too, when it takes nearly all pictures for the
 * class after the label, or before it. Few labels show this by pictures that are changed so that the source model knows them, where it takes many by
 * those that mislead it.
 *
 * <p>Asked with what the source model said to pictures that the best {@link Translation} changed: so many, how many of them agree by each of the lists
 * {@link #STEPS}, and whether that translation helps. One thread.
 */
final class ListVerdict {
    /** What a label may be: the source model's class, the one after it, or the one before it. */
    static final int[] STEPS = {0, 1, -1};

    /** With fewer classes, a list that is off by one is not looked for: classes next to each other are most of all then. */
    private static final int LISTED_CLASSES = 5;
    /** With more classes, few labels are of each. */
    private static final int MOST_LISTED = 128;

    private static final int FEWEST_OF_BEST = 32;
    /** Tries of other ways, for each of them, before labels are said to be wrong. */
    private static final int EXPLORED = 3;
    /** Tries of one way that say something of it, if not that it is better. */
    private static final int SOME = 6;
    /** Another way explains the labels when it has at least so much of the successes of the best one. */
    private static final double NEARLY = 0.75;
    /** The labels that agree as they are may be so many of those that agree with the shift: a model that reads dials, sizes or ages is often one off. */
    private static final double AS_THEY_ARE = 0.2;
    /** Of the labels, so many must agree with the source model when the list is taken as shifted. */
    private static final double MOST = 0.5;
    /** The same where a verdict is held: a network that knows few of the pictures, whatever is changed, gave it once, and not a mini-batch later. */
    private static final double MANY = 0.3;
    /** A verdict is held while so many labels agree by it... */
    private static final double STILL = 0.2;
    /** ...and those that agree as they are are no more than so many of them. */
    private static final double STILL_AS_THEY_ARE = 0.3;

    private final int classes;
    private final WayCounts counts;
    /** By class, of the pictures that the best translation changed. */
    private final ListVotes votes;

    private final boolean holds;

    /** The list that was told of, which is 1 for any where a verdict is not held; 0 for none. */
    private int told;

    /** @param counts of all translations but the best */
    ListVerdict(int classes, Look look, WayCounts counts) {
        this.classes = classes;
        this.holds = look == Look.WITH_LISTS;
        this.counts = counts;
        this.votes = new ListVotes(findsLists() ? classes : 0, STEPS.length);
    }

    private boolean findsLists() {
        return classes >= LISTED_CLASSES && classes <= MOST_LISTED;
    }

    /** How many of the lists are looked at: the first is that of the labels as they are. */
    int steps() {
        return findsLists() ? STEPS.length : 1;
    }

    /** Whether the source model's answer is the label by this list. */
    boolean agrees(int list, int answer, int label) {
        return Math.floorMod(answer + STEPS[list], classes) == label;
    }

    /** A picture of this label was changed by the best translation. */
    void label(int label) {
        if (findsLists()) {
            votes.label(label);
        }
    }

    /** The source model's answer to it agrees by this list. */
    void agree(int list, int label) {
        if (findsLists()) {
            votes.agree(list, label);
        }
    }

    ListVotes votes() {
        return votes;
    }

    /**
     * Why the labels look like those of a list of classes that is off by one: with pictures changed so that the source model knows them, it agrees with most
     * labels, or with many, when each is taken for its neighbour. Not so where some other change makes it agree with the labels as they are about as often: a
     * dial that is turned by one mark is read wrongly by one mark, too.
     */
    Optional<String> shifted(int tries, int[] successes, boolean helps) {
        int list = list(tries, successes, helps);
        return list == 0 ? Optional.empty() : Optional.of(said(list, tries, successes));
    }

    private int list(int tries, int[] successes, boolean helps) {
        if (holds && told > 0 && !isRefuted(tries, successes)) {
            return told;
        }
        int shift = 0;
        for (int i = 1; i < STEPS.length; i++) {
            shift = successes[i] > successes[shift] ? i : shift;
        }
        int agreed = successes[shift];
        boolean plain = shift > 0
                && helps
                && tries >= FEWEST_OF_BEST
                && counts.allTries() >= EXPLORED * WayCounts.WAYS
                && agreed >= (holds ? MANY : MOST) * tries
                && successes[0] <= AS_THEY_ARE * agreed
                && votes.areFor(shift);
        return plain && !isExplained(agreed / (double) tries) ? shift : 0;
    }

    /** Few pictures, as after another change was found to be the best, refute nothing. */
    private boolean isRefuted(int tries, int[] successes) {
        return tries >= FEWEST_OF_BEST
                && (successes[told] < STILL * tries || successes[0] > STILL_AS_THEY_ARE * successes[told]);
    }

    /** Whether the source model knows many of the pictures by the labels as they are, and hardly any by another list. */
    boolean isRight(int tries, int[] successes, boolean helps) {
        return holds
                && findsLists()
                && helps
                && tries >= FEWEST_OF_BEST
                && successes[0] >= MANY * tries
                && successes[1] <= AS_THEY_ARE * successes[0]
                && successes[2] <= AS_THEY_ARE * successes[0];
    }

    private String said(int shift, int tries, int[] successes) {
        return String.format(
                Locale.ROOT,
                "the labels look like a list of classes shifted by %d: of %d pictures, changed so that the source model knows them, it agrees with %d labels as they"
                        + " are, and with %d when each is taken for the class %d before it",
                Math.floorMod(STEPS[shift], classes),
                tries,
                successes[0],
                successes[shift],
                Math.floorMod(STEPS[shift], classes));
    }

    /** The same as {@link #shifted} where this was not asked since it began. */
    Optional<String> newlyShifted(int tries, int[] successes, boolean helps) {
        int list = list(tries, successes, helps);
        boolean isNew = list > 0 && told == 0;
        told = holds ? list : Math.min(list, 1);
        return isNew ? Optional.of(said(list, tries, successes)) : Optional.empty();
    }

    private boolean isExplained(double shiftedShare) {
        for (int i = 0; i < WayCounts.WAYS; i++) {
            if (counts.tries[i] >= SOME && counts.successes[0][i] >= NEARLY * shiftedShare * counts.tries[i]) {
                return true;
            }
        }
        return false;
    }

    int told() {
        return told;
    }

    void restoreTold(int before) {
        told = before;
    }
}
