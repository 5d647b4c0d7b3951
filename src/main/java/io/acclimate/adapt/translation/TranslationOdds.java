package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.translation.Translation.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the {@link Translation} by which the source model is right on a domain's labelled pictures, by coordinate descent: each picture is tried as the
 * best translation so far changes it, and as others do that differ from it in one choice. Of these, one is drawn by a weight that grows with the square of its share of successes
 * (successes + 1) / (tries + 2). One that is better by {@value #BETTER} standard errors and {@value #LEAST_GAIN} becomes the best. Nothing is known
 * of a translation in a new place, so the counts of all choices but the one that changed begin again.
 *
 * <p>Turns are counted together with the next smaller and larger one, since pictures are known by some of those, too: so few labels are not enough for each
 * alone. They are also drawn more broadly than what else can be chosen: pictures that are turned by 25 to 50 degrees are known by all turns in between.
 *
 * <p>Rejected: a weight for each way of each choice, drawn independently of the others. With six choices, the right way of one is hardly ever drawn
 * together with those of the others before any is known.
 *
 * <p>Cost: 35 counters. Fails to find two changes of which neither alone makes the source model right more often, and any where labels are wrong, which
 * then agree with no change of the pictures. One thread.
 */
final class TranslationOdds {
    private static final double BETTER = 3;
    /** Of two that are as good, chance sees one ahead at some time. */
    private static final double LEAST_GAIN = 0.1;

    private static final int FEWEST = 16;

    private static final int FEWEST_OF_BEST = 32;
    /** A turn is drawn when it has at least so much of the successes of the best one. */
    private static final double NEARLY = 0.75;
    /** Counts are halved then, so that they follow a domain that changes. */
    private static final int MANY = 1_024;

    private static final Choice[] CHOICES = Choice.values();
    private static final int WAYS =
            Arrays.stream(CHOICES).mapToInt(choice -> choice.count).sum();

    private final double informative;
    private final int[] tries = new int[WAYS];
    private final int[] successes = new int[WAYS];
    private Translation best = Translation.NONE;
    private int bestTries;
    private int bestSuccesses;

    /** @param classes of which the source model names one */
    TranslationOdds(int classes) {
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
        double share = (withNeighbours(successes, place) + 1.0) / (withNeighbours(tries, place) + 2.0);
        return share * share / Math.sqrt(choice.count - 1);
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

    /** Counts what became of a picture that was changed by the best translation, or by one that differs from it in one choice. */
    void see(Translation tried, boolean success) {
        if (tried.equals(best)) {
            bestTries++;
            bestSuccesses += success ? 1 : 0;
        } else {
            int place = placeOfOther(tried);
            tries[place]++;
            successes[place] += success ? 1 : 0;
        }
        if (bestTries >= MANY) {
            bestTries /= 2;
            bestSuccesses /= 2;
            halve(tries);
            halve(successes);
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
        int right = withNeighbours(successes, place);
        double share = (bestSuccesses + right) / (double) (bestTries + others);
        double variance = share * (1 - share) * (1.0 / bestTries + 1.0 / others);
        double difference = right / (double) others - bestSuccesses / (double) bestTries;
        return difference > LEAST_GAIN && variance > 0 ? difference / Math.sqrt(variance) : 0;
    }

    private void change(Choice choice, int to) {
        int first = first(choice);
        int from = first + best.way(choice);
        int newTries = tries[first + to];
        int newSuccesses = successes[first + to];
        for (int i = 0; i < WAYS; i++) {
            if (i < first || i >= first + choice.count || i == first + to) {
                tries[i] = 0;
                successes[i] = 0;
            }
        }
        tries[from] = bestTries;
        successes[from] = bestSuccesses;
        bestTries = newTries;
        bestSuccesses = newSuccesses;
        best = best.with(choice, to);
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
        return !best.changesNothing() && bestShare() > informative;
    }

    private double bestShare() {
        return (bestSuccesses + 1.0) / (bestTries + 2.0);
    }

    /** The best translation, or one that turns pictures nearly as well. */
    Translation draw(SplitMix64 random) {
        if (!best.is(Choice.TURN)) {
            return best;
        }
        double[] weights = new double[Choice.TURN.count];
        for (int way = 1; way < weights.length; way++) {
            double share = way == best.way(Choice.TURN) ? bestShare() : (successes[way] + 1.0) / (tries[way] + 2.0);
            weights[way] = share >= NEARLY * bestShare() ? share * share : 0;
        }
        return best.with(Choice.TURN, drawn(weights, random));
    }

    /** The ways of the best translation, its counts, and those of all ways; nothing while nothing was tried. */
    List<Integer> state() {
        List<Integer> all = new ArrayList<>();
        if (bestTries == 0) {
            return all;
        }
        for (int[] each : List.of(best.ways(), new int[] {bestTries, bestSuccesses}, tries, successes)) {
            Arrays.stream(each).forEach(all::add);
        }
        return all;
    }

    /** Begins with nothing when the state is of other choices. */
    void restore(List<Integer> state) {
        int[] ways = new int[CHOICES.length];
        int[] ofBest = new int[2];
        List<int[]> parts = List.of(ways, ofBest, tries, successes);
        boolean fits =
                state.size() == parts.stream().mapToInt(part -> part.length).sum();
        int next = 0;
        for (int[] part : parts) {
            for (int i = 0; i < part.length; i++) {
                part[i] = fits ? state.get(next++) : 0;
            }
        }
        best = new Translation(ways);
        bestTries = ofBest[0];
        bestSuccesses = ofBest[1];
    }
}
