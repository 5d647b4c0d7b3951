package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.translation.Translation.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the {@link Translation} by which the source model is right on a domain's labelled pictures, by coordinate descent: each picture is tried as the
 * best translation so far changes it, and as others do that differ from it in one choice. Of these, one is drawn by a weight that grows with the square of its share of successes
 * (successes + 1) / (tries + 2). One that is better by {@value #BETTER} standard errors and {@value #LEAST_GAIN} becomes the best. Nothing is known
 * of a translation in a new place, so the counts of all choices but the one that changed begin again.
 *
 * <p>Turns are counted together with the next smaller and larger one, since pictures are known by some of those, too: so few labels are not enough for each
 * alone. They are also drawn more broadly than what else can be chosen: pictures that are turned by 25 to 50 degrees are known by all turns in between.
 *
 * <p>The source model is right, too, when it takes nearly all pictures for the class after the label, or before it: then the list of classes is off by one. Few labels
 * show this by pictures that the source model knows, where it takes many by those that mislead it.
 *
 * <p>Rejected: a weight for each way of each choice, drawn independently of the others. With six choices, the right way of one is hardly ever drawn
 * together with those of the others before any is known.
 *
 * <p>Cost: 35 counters. Fails to find two changes of which neither alone makes the source model right more often, and any by labels that are wrong
 * in another way than by a list of classes that is off by one. One thread.
 */
final class TranslationOdds {
    private static final double BETTER = 3.5;
    /** Of two that are as good, chance sees one ahead at some time. */
    private static final double LEAST_GAIN = 0.1;

    private static final int FEWEST = 16;

    private static final int FEWEST_OF_BEST = 32;
    /** A choice is given up when pictures are known without it as often but for this: chance may have made it. */
    private static final double AS_GOOD = 0.03;
    /** Tries of one way that say something of it, if not that it is better. */
    private static final int SOME = 6;
    /** Tries of other ways, for each of them, before labels are said to be wrong. */
    private static final int EXPLORED = 3;
    /** A turn is drawn when it has at least so much of the successes of the best one. */
    private static final double NEARLY = 0.75;
    /** Counts are halved then, so that they follow a domain that changes. */
    private static final int MANY = 256;
    /** With fewer classes, a list that is off by one is not looked for: classes next to each other are most of all then. */
    private static final int LISTED_CLASSES = 5;
    /** Of the labels, so many must agree with the source model when the list is taken as shifted. */
    private static final double SHIFTED = 0.5;
    /** What a label may be: the source model's class, the one after it, or the one before it. */
    private static final int[] STEPS = {0, 1, -1};

    private static final Choice[] CHOICES = Choice.values();
    private static final int WAYS =
            Arrays.stream(CHOICES).mapToInt(choice -> choice.count).sum();

    /** How many numbers a state has. */
    static final int STATE_SIZE = CHOICES.length + 1 + STEPS.length + (1 + STEPS.length) * WAYS;

    private final int classes;
    private final double informative;
    private final int[] tries = new int[WAYS];
    /** How many labels were so many classes from the source model's, by {@link #STEPS}. */
    private final int[][] successes = new int[STEPS.length][WAYS];

    private Translation best = Translation.NONE;
    private int bestTries;
    private final int[] bestSuccesses = new int[STEPS.length];

    /** @param classes of which the source model names one */
    TranslationOdds(int classes) {
        this.classes = classes;
        double chance = 1.0 / classes;
        this.informative = 2 * chance / (1 + chance);
    }

    Translation best() {
        return best;
    }

    /** One that differs from the best in one choice. */
    Translation drawOther(SplitMix64 random) {
        double[] weights = new double[WAYS];
        int place = 0;
        for (Choice choice : CHOICES) {
            for (int way = 0; way < choice.count; way++, place++) {
                weights[place] = way == best.way(choice) ? 0 : weight(place, choice);
            }
        }
        int drawn = drawn(weights, random);
        for (Choice choice : CHOICES) {
            if (drawn < choice.count) {
                return best.with(choice, drawn);
            }
            drawn -= choice.count;
        }
        throw new IllegalStateException("each choice has another way than the best");
    }

    /** A place, drawn by these weights, of which one at least is not 0. */
    private static int drawn(double[] weights, SplitMix64 random) {
        double left = random.uniform() * Arrays.stream(weights).sum();
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    /**
     * The square of a way's share of successes, divided by the square root of how many ways its choice has: those of a choice of many are tried more
     * often together than the one of a choice of two, and less often each.
     */
    private double weight(int place, Choice choice) {
        double share = (mostOf(place) + 1.0) / (withNeighbours(tries, place) + 2.0);
        return share * share / Math.sqrt(choice.count - 1);
    }

    /** The successes of a way by the list of classes that fits it best. */
    private int mostOf(int place) {
        int most = 0;
        for (int[] each : successes) {
            most = Math.max(most, withNeighbours(each, place));
        }
        return most;
    }

    /** The count of a way, and for a turn those of the turns beside it. */
    private int withNeighbours(int[] counts, int place) {
        if (place == 0 || place >= Choice.TURN.count) {
            return counts[place];
        }
        int sum = counts[place];
        for (int side : new int[] {-1, 1}) {
            int beside = Math.floorMod(place + side, Choice.TURN.count);
            // No turn at all is no neighbour: it changes nothing.
            sum += beside == 0 ? 0 : counts[beside];
        }
        return sum;
    }

    private boolean isOfBest(int place) {
        int left = place;
        for (Choice choice : CHOICES) {
            if (left < choice.count) {
                return left == best.way(choice);
            }
            left -= choice.count;
        }
        throw new IllegalArgumentException("no such way: " + place);
    }

    /**
     * Counts what the source model says to a picture that was changed by the best translation, or by one that differs from it in one choice.
     *
     * @param label of the picture
     * @param answer the class that the source model takes it for
     */
    void see(Translation tried, int label, int answer) {
        boolean ofBest = tried.equals(best);
        int place = ofBest ? -1 : placeOfOther(tried);
        if (ofBest) {
            bestTries++;
        } else {
            tries[place]++;
        }
        for (int i = 0; i < (classes < LISTED_CLASSES ? 1 : STEPS.length); i++) {
            if (Math.floorMod(answer + STEPS[i], classes) == label) {
                if (ofBest) {
                    bestSuccesses[i]++;
                } else {
                    successes[i][place]++;
                }
            }
        }
        if (bestTries >= MANY) {
            bestTries /= 2;
            halve(bestSuccesses);
            halve(tries);
            for (int[] each : successes) {
                halve(each);
            }
        }
    }

    private static void halve(int[] counts) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] /= 2;
        }
    }

    private int placeOfOther(Translation tried) {
        int place = 0;
        for (Choice choice : CHOICES) {
            if (tried.way(choice) != best.way(choice)) {
                return place + tried.way(choice);
            }
            place += choice.count;
        }
        throw new IllegalArgumentException(tried + " is the best translation");
    }

    /** Takes another translation for the best one when it is clearly better. */
    void decide() {
        for (Choice choice : CHOICES) {
            int without = first(choice);
            if (best.is(choice)
                    && tries[without] >= FEWEST_OF_BEST
                    && bestTries >= FEWEST_OF_BEST
                    && mostOf(without) / (double) tries[without] >= mostOfBest() / (double) bestTries - AS_GOOD) {
                change(choice, 0);
                return;
            }
        }
        Choice changed = null;
        int to = 0;
        double most = BETTER;
        int place = 0;
        for (Choice choice : CHOICES) {
            for (int way = 0; way < choice.count; way++, place++) {
                double errors = ahead(place);
                if (errors > most) {
                    most = errors;
                    changed = choice;
                    to = way;
                }
            }
        }
        if (changed != null) {
            change(changed, to);
        }
    }

    /** By how many standard errors of a difference of shares this one is better than the best so far. */
    private double ahead(int place) {
        int others = withNeighbours(tries, place);
        if (isOfBest(place) || others < FEWEST || bestTries < FEWEST_OF_BEST) {
            return 0;
        }
        int right = mostOf(place);
        double difference = right / (double) others - mostOfBest() / (double) bestTries;
        return difference > LEAST_GAIN ? difference / error(mostOfBest() + right, bestTries, others) : 0;
    }

    private int mostOfBest() {
        return Arrays.stream(bestSuccesses).max().orElse(0);
    }

    /** The standard error of the difference of two shares that have so many successes together. */
    private static double error(int right, int one, int other) {
        double share = right / (double) (one + other);
        return Math.sqrt(share * (1 - share) * (1.0 / one + 1.0 / other));
    }

    private void change(Choice choice, int to) {
        int first = first(choice);
        int from = first + best.way(choice);
        int newTries = tries[first + to];
        clearOthers(tries, first, choice.count);
        tries[first + to] = 0;
        tries[from] = bestTries;
        bestTries = newTries;
        for (int i = 0; i < STEPS.length; i++) {
            int newSuccesses = successes[i][first + to];
            clearOthers(successes[i], first, choice.count);
            successes[i][first + to] = 0;
            successes[i][from] = bestSuccesses[i];
            bestSuccesses[i] = newSuccesses;
        }
        best = best.with(choice, to);
    }

    private static void clearOthers(int[] counts, int first, int count) {
        for (int i = 0; i < WAYS; i++) {
            if (i < first || i >= first + count) {
                counts[i] = 0;
            }
        }
    }

    private static int first(Choice of) {
        int place = 0;
        for (Choice choice : CHOICES) {
            if (choice == of) {
                return place;
            }
            place += choice.count;
        }
        throw new IllegalArgumentException(of.name());
    }

    /**
     * Whether pictures of the source can be changed to what those of the domain look like: a change is known, and by it more than half of what the source
     * model is right about is no chance.
     */
    boolean isKnown() {
        return !best.changesNothing() && mostOfBest() == bestSuccesses[0] && bestShare() > informative;
    }

    /**
     * Why the labels look like those of a list of classes that is off by one: with pictures changed so that the source model knows them, it agrees with most
     * labels when each is taken for its neighbour. Not so where some other change makes it agree with the labels as they are about as often: a dial that is
     * turned by one mark is read wrongly by one mark, too.
     */
    Optional<String> shifted() {
        int shift = 0;
        for (int i = 1; i < STEPS.length; i++) {
            shift = bestSuccesses[i] > bestSuccesses[shift] ? i : shift;
        }
        int agreed = bestSuccesses[shift];
        boolean plain = shift > 0
                && !best.changesNothing()
                && bestTries >= FEWEST_OF_BEST
                && Arrays.stream(tries).sum() >= EXPLORED * WAYS
                && agreed >= SHIFTED * bestTries
                && agreed - bestSuccesses[0] > BETTER * Math.sqrt(agreed + bestSuccesses[0]);
        if (!plain || isExplained(agreed / (double) bestTries)) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "the labels look like a list of classes shifted by %d: of %d pictures, changed so that the source model knows them, it agrees with %d labels as they"
                        + " are, and with %d when each is taken for the class %d before it",
                Math.floorMod(STEPS[shift], classes),
                bestTries,
                bestSuccesses[0],
                agreed,
                Math.floorMod(STEPS[shift], classes)));
    }

    private boolean isExplained(double shiftedShare) {
        for (int i = 0; i < WAYS; i++) {
            if (tries[i] >= SOME && successes[0][i] >= NEARLY * shiftedShare * tries[i]) {
                return true;
            }
        }
        return false;
    }

    private double bestShare() {
        return (mostOfBest() + 1.0) / (bestTries + 2.0);
    }

    /** The best translation, or one that turns pictures nearly as well. */
    Translation draw(SplitMix64 random) {
        if (!best.is(Choice.TURN)) {
            return best;
        }
        double[] weights = new double[Choice.TURN.count];
        for (int way = 1; way < weights.length; way++) {
            double share = way == best.way(Choice.TURN) ? bestShare() : (successes[0][way] + 1.0) / (tries[way] + 2.0);
            weights[way] = share >= NEARLY * bestShare() ? share * share : 0;
        }
        return best.with(Choice.TURN, drawn(weights, random));
    }

    /** The ways of the best translation, its counts, and those of all ways; nothing while nothing was tried. */
    List<Integer> state() {
        int[] ofBest = {bestTries};
        return bestTries == 0
                ? List.of()
                : parts(best.ways().stream().mapToInt(Integer::intValue).toArray(), ofBest).stream()
                        .flatMapToInt(Arrays::stream)
                        .boxed()
                        .toList();
    }

    private List<int[]> parts(int[] ways, int[] ofBest) {
        List<int[]> parts = new ArrayList<>(List.of(ways, ofBest, bestSuccesses, tries));
        parts.addAll(Arrays.asList(successes));
        return parts;
    }

    /** Begins with nothing when the state is of other choices. */
    void restore(List<Integer> state) {
        int[] ways = new int[CHOICES.length];
        int[] ofBest = new int[1];
        List<int[]> parts = parts(ways, ofBest);
        boolean fits =
                state.size() == parts.stream().mapToInt(part -> part.length).sum();
        int next = 0;
        for (int[] part : parts) {
            for (int i = 0; i < part.length; i++) {
                part[i] = fits ? state.get(next++) : 0;
            }
        }
        best = new Translation(Arrays.stream(ways).boxed().toList());
        bestTries = ofBest[0];
    }
}
