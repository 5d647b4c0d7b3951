package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.StepSettings.Translation.Look;
import io.acclimate.adapt.translation.Translation.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds the {@link Translation} by which the source model is right on a domain's labelled pictures, by coordinate descent that begins with {@link
 * Choice#TONE}: each picture is tried as the best translation so far changes it, and as others do that differ from it in one choice. Of these, one
 * is drawn by a weight that grows with the square of its share of successes (successes + 1) / (tries + 2). One that is better by {@value #BETTER}
 * standard errors and {@value #LEAST_GAIN} becomes the best. Nothing is known of a translation in a new place, so the counts of all choices but the
 * one that changed begin again.
 *
 * <p>Turns are counted together with the next smaller and larger one, and are drawn more broadly than what else can be chosen, since pictures are
 * known by neighbouring turns, too: so few labels are not enough for each alone.
 *
 * <p>A list of classes that is off by one is told by the same counts ({@link ListVerdict}).
 *
 * <p>Cost: 140 counters, and four for each class. Fails to find: two changes of which neither alone makes the source model right more often, and
 * any by labels that are wrong in another way. One thread. Measured, with what was rejected, in {@code findings/decisions/translation.md}.
 */
final class TranslationOdds {
    private static final double BETTER = 3.5;
    /** Of two that are as good, chance sees one ahead at some time. */
    private static final double LEAST_GAIN = 0.1;

    private static final int FEWEST = 16;

    private static final int FEWEST_OF_BEST = 32;
    /** A choice is given up when pictures are known without it as often but for this: chance may have made it. */
    private static final double AS_GOOD = 0.03;
    /** A turn is drawn when it has at least so much of the successes of the best one. */
    private static final double NEARLY = 0.75;
    /** Counts are halved then, so that they follow a domain that changes. */
    private static final int MANY = 256;
    /** A way that is right so seldom is right by chance. */
    private static final int FEWEST_RIGHT = 8;
    /** The weight of the picture as it is while nothing else was found. */
    private static final double UNCHANGED = 0.25;
    /** The source model knows most pictures then, so that it shows by them whether the exposure helps. Of two classes, half are right by chance. */
    private static final double MOST = 0.5;
    /** Pictures that were tried without the exposure, and no other change was found: it may be what hides it. */
    private static final int PATIENCE = 640;
    /** Stretched over the whole range, pictures are as well known as before where that changes little, and other changes help none that is faint. */
    private static final Translation START = Translation.NONE.with(Choice.TONE, 1);

    private final double informative;
    /** The exposure that was begun with is given up from this share on; by pictures that are turned, too, it helps no more than by chance. */
    private final double enough;
    /** How many pictures were tried without the exposure that was begun with, which is never halved; nothing where the look has no such patience. */
    private final int[] withoutStart;

    private final WayCounts counts = new WayCounts(ListVerdict.STEPS.length);
    private Translation best = START;
    private int bestTries;
    private final int[] bestSuccesses = new int[ListVerdict.STEPS.length];

    private final ListVerdict list;

    /** @param classes of which the source model names one */
    TranslationOdds(int classes, Look look) {
        this.list = new ListVerdict(classes, look, counts);
        double chance = 1.0 / classes;
        this.informative = 2 * chance / (1 + chance);
        this.withoutStart = new int[look.isThroughNoise() ? 1 : 0];
        this.enough = look.isThroughNoise() ? Math.max(MOST, informative) : informative;
    }

    /** How many numbers a state has. */
    int stateSize() {
        return Choice.values().length
                + 2
                + withoutStart.length
                + ListVerdict.STEPS.length
                + (1 + ListVerdict.STEPS.length) * WayCounts.WAYS
                + list.votes().size();
    }

    Translation best() {
        return best;
    }

    /** One that differs from the best in one choice. */
    Translation drawOther(SplitMix64 random) {
        double[] weights = new double[WayCounts.WAYS];
        for (int i = 0; i < WayCounts.WAYS; i++) {
            weights[i] = isOfBest(i) ? 0 : weight(i);
        }
        int drawn = WayCounts.drawn(weights, random);
        Choice choice = WayCounts.choiceOf(drawn);
        return best.with(choice, drawn - WayCounts.first(choice));
    }

    /**
     * The square of a way's share of successes, divided by the square root of how many ways its choice has: those of a choice of many are tried more
     * often together than the one of a choice of two, and less often each.
     */
    private double weight(int place) {
        double share = (counts.most(place) + 1.0) / (counts.tries(place) + 2.0);
        double weight = share * share / Math.sqrt(WayCounts.choiceOf(place).count - 1);
        return best.equals(START) && WayCounts.choiceOf(place) == Choice.TONE ? Math.max(UNCHANGED, weight) : weight;
    }

    private boolean isOfBest(int place) {
        Choice choice = WayCounts.choiceOf(place);
        return place == WayCounts.first(choice) + best.way(choice);
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
            counts.tries[place]++;
            if (withoutStart.length > 0 && best.equals(START) && !tried.is(Choice.TONE)) {
                withoutStart[0]++;
            }
        }
        if (ofBest) {
            list.label(label);
        }
        for (int i = 0; i < list.steps(); i++) {
            if (list.agrees(i, answer, label)) {
                if (ofBest) {
                    bestSuccesses[i]++;
                    list.agree(i, label);
                } else {
                    counts.successes[i][place]++;
                }
            }
        }
        if (bestTries >= MANY) {
            bestTries /= 2;
            halve(bestSuccesses);
            counts.parts().forEach(TranslationOdds::halve);
            list.votes().parts().forEach(TranslationOdds::halve);
        }
    }

    private static void halve(int[] counts) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] /= 2;
        }
    }

    private int placeOfOther(Translation tried) {
        Choice other = Arrays.stream(Choice.values())
                .filter(choice -> tried.way(choice) != best.way(choice))
                .findFirst()
                .orElseThrow();
        return WayCounts.first(other) + tried.way(other);
    }

    /** Takes another translation for the best one when it is clearly better. */
    void decide() {
        for (Choice choice : Choice.values()) {
            int without = WayCounts.first(choice);
            if (best.is(choice)
                    && (!best.equals(START) || bestShare() > (isPatient() ? enough : informative))
                    && counts.tries(without) >= FEWEST_OF_BEST
                    && bestTries >= FEWEST_OF_BEST
                    && counts.most(without) / (double) counts.tries(without)
                            >= mostOfBest() / (double) bestTries - AS_GOOD) {
                takeUp(choice, 0);
                return;
            }
        }
        int place = -1;
        double most = BETTER;
        for (int i = 0; i < WayCounts.WAYS; i++) {
            double errors = ahead(i);
            if (errors > most) {
                most = errors;
                place = i;
            }
        }
        if (place >= 0) {
            Choice choice = WayCounts.choiceOf(place);
            counts.clearOthers(choice);
            list.votes().parts().forEach(each -> Arrays.fill(each, 0));
            takeUp(choice, place - WayCounts.first(choice));
        }
    }

    /** By how many standard errors of a difference of shares this one is better than the best so far. */
    private double ahead(int place) {
        int others = counts.tries(place);
        if (isOfBest(place) || others < FEWEST || bestTries < FEWEST_OF_BEST) {
            return 0;
        }
        int right = counts.most(place);
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

    private void takeUp(Choice choice, int to) {
        int taken = WayCounts.first(choice) + to;
        int left = WayCounts.first(choice) + best.way(choice);
        counts.tries[left] = bestTries;
        bestTries = counts.tries[taken];
        counts.tries[taken] = 0;
        for (int i = 0; i < bestSuccesses.length; i++) {
            counts.successes[i][left] = bestSuccesses[i];
            bestSuccesses[i] = counts.successes[i][taken];
            counts.successes[i][taken] = 0;
        }
        best = best.with(choice, to);
    }

    /** The domain is another one than before: what its pictures look like is to be found anew. */
    void clear() {
        restore(List.of());
    }

    /**
     * Whether pictures of the source can be changed to what those of the domain look like: a change is known, and by it more than half of what the source
     * model is right about is no chance.
     */
    boolean isKnown() {
        return helps()
                && mostOfBest() == bestSuccesses[0]
                && bestSuccesses[0] >= FEWEST_RIGHT
                && bestShare() > informative;
    }

    /** Whether the best translation changes pictures, and is no longer the one that was begun with for want of anything better. */
    private boolean helps() {
        if (!best.equals(START)) {
            return !best.changesNothing();
        }
        int without = WayCounts.first(Choice.TONE);
        if (counts.tries(without) < FEWEST || bestTries < FEWEST_OF_BEST) {
            return false;
        }
        double difference = mostOfBest() / (double) bestTries - counts.most(without) / (double) counts.tries(without);
        return difference > LEAST_GAIN
                && difference > BETTER * error(counts.most(without) + mostOfBest(), bestTries, counts.tries(without));
    }

    /** Why the labels look like those of a list of classes that is off by one. */
    Optional<String> shifted() {
        return list.shifted(bestTries, bestSuccesses, helps());
    }

    /** The same as {@link #shifted} where this was not asked since it began. */
    Optional<String> newlyShifted() {
        return list.newlyShifted(bestTries, bestSuccesses, helps());
    }

    /** Whether changed pictures show that the list is right. */
    boolean listIsRight() {
        return list.isRight(bestTries, bestSuccesses, helps());
    }

    private boolean isPatient() {
        return withoutStart.length > 0 && withoutStart[0] < PATIENCE;
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
            double share = way == best.way(Choice.TURN)
                    ? bestShare()
                    : (counts.successes[0][way] + 1.0) / (counts.tries[way] + 2.0);
            weights[way] = share >= NEARLY * bestShare() ? share * share : 0;
        }
        return best.with(Choice.TURN, WayCounts.drawn(weights, random));
    }

    /** The ways of the best translation, its counts, and those of all ways; nothing while nothing was tried. */
    List<Integer> state() {
        int[] ofBest = {bestTries, list.told()};
        boolean untried = best.equals(START) && bestTries == 0 && counts.allTries() == 0;
        return untried
                ? List.of()
                : parts(best.ways().stream().mapToInt(Integer::intValue).toArray(), ofBest).stream()
                        .flatMapToInt(Arrays::stream)
                        .boxed()
                        .toList();
    }

    private List<int[]> parts(int[] ways, int[] ofBest) {
        List<int[]> parts = new ArrayList<>(List.of(ways, ofBest, withoutStart, bestSuccesses));
        parts.addAll(counts.parts());
        parts.addAll(list.votes().parts());
        return parts;
    }

    /** Begins with nothing when the state is of other choices. */
    void restore(List<Integer> state) {
        int[] ways = new int[Choice.values().length];
        int[] ofBest = new int[2];
        boolean fits = state.size() == stateSize();
        int next = 0;
        for (int[] part : parts(ways, ofBest)) {
            for (int i = 0; i < part.length; i++) {
                part[i] = fits ? state.get(next++) : 0;
            }
        }
        best = fits ? new Translation(Arrays.stream(ways).boxed().toList()) : START;
        bestTries = ofBest[0];
        list.restoreTold(ofBest[1]);
    }
}
