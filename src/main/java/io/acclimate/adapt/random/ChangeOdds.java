package io.acclimate.adapt.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds out which changes of a domain's pictures make the source model right, and draws those more often. A change is blurred or not,
 * inverted or not, and turned by one of {@value #TURNS} eighths of a circle, or not at all. Each of these three choices is drawn by itself, with
 * a weight of the square of its share of successes so far, s = (successes + 1) / (tries + 2), and every {@value #ANY}th at random, so that
 * what became right is noticed. Counts are halved when a choice has {@value #MANY} tries, so that they follow a domain that changes.
 *
 * <p>Of C classes, a model that guesses is right with c = 1/C. So of the successes of a choice, (s − c) / (1 − c) / s are no chance, which is
 * more than half of them where s &gt; 2c / (1 + c): 0.18 of ten classes, and 0.67 of two. A change tells something only when this holds for
 * all of its choices. Of two classes, half of all pictures would be successes otherwise, whatever was done to them.
 *
 * <p>The weights need no temperature or rate to be set, and what a draw tells is known at once, so that some ten steps are enough. Cost:
 * a dozen additions for each picture. It fails where only a combination of two choices is right, since each is counted by itself. One
 * thread.
 */
public final class ChangeOdds {
    private static final int TURNS = 8;
    private static final int ANY = 10;
    private static final int MANY = 4_096;

    private final double informative;
    private final Choice blur = new Choice(2);
    private final Choice invert = new Choice(2);
    private final Choice turn = new Choice(1 + TURNS);

    /** @param classes of which the source model names one */
    public ChangeOdds(int classes) {
        double chance = 1.0 / classes;
        this.informative = 2 * chance / (1 + chance);
    }

    /**
     * What is done to one picture.
     *
     * @param turn 0 for not turned, else one more than the number of eighths of a circle that it is turned by, give or take a sixteenth
     */
    public record Change(boolean blurred, boolean inverted, int turn) {
        public boolean isTurned() {
            return turn > 0;
        }

        /** In radians. */
        public double angle(SplitMix64 random) {
            return 2 * Math.PI * (turn - 1.5 + random.uniform()) / TURNS;
        }
    }

    public Change draw(SplitMix64 random) {
        return new Change(blur.draw(random) == 1, invert.draw(random) == 1, turn.draw(random));
    }

    /** Counts a change. */
    public void see(Change change, boolean success) {
        blur.see(change.blurred() ? 1 : 0, success);
        invert.see(change.inverted() ? 1 : 0, success);
        turn.see(change.turn(), success);
    }

    /** Whether more than half of the successes of such a change are no chance. */
    public boolean isInformative(Change change) {
        return blur.share(change.blurred() ? 1 : 0) > informative
                && invert.share(change.inverted() ? 1 : 0) > informative
                && turn.share(change.turn()) > informative;
    }

    /** Tries and successes of all choices; nothing while nothing was tried. */
    public List<Integer> state() {
        List<Integer> all = new ArrayList<>();
        if (Arrays.stream(turn.tries).sum() == 0) {
            return all;
        }
        for (Choice choice : choices()) {
            Arrays.stream(choice.tries).forEach(all::add);
            Arrays.stream(choice.successes).forEach(all::add);
        }
        return all;
    }

    /** Begins with nothing when the state is of another number of choices. */
    public void restore(List<Integer> state) {
        boolean fits = state.size()
                == choices().stream()
                        .mapToInt(choice -> 2 * choice.tries.length)
                        .sum();
        int next = 0;
        for (Choice choice : choices()) {
            for (int[] counts : List.of(choice.tries, choice.successes)) {
                for (int i = 0; i < counts.length; i++) {
                    counts[i] = fits ? state.get(next++) : 0;
                }
            }
        }
    }

    private List<Choice> choices() {
        return List.of(blur, invert, turn);
    }

    private static final class Choice {
        private final int[] tries;
        private final int[] successes;

        Choice(int ways) {
            tries = new int[ways];
            successes = new int[ways];
        }

        int draw(SplitMix64 random) {
            if (random.below(ANY) == 0) {
                return random.below(tries.length);
            }
            double total = 0;
            for (int i = 0; i < tries.length; i++) {
                total += weight(i);
            }
            double left = random.uniform() * total;
            for (int i = 0; i < tries.length - 1; i++) {
                left -= weight(i);
                if (left < 0) {
                    return i;
                }
            }
            return tries.length - 1;
        }

        private double share(int way) {
            return (successes[way] + 1.0) / (tries[way] + 2.0);
        }

        private double weight(int way) {
            return share(way) * share(way);
        }

        void see(int way, boolean success) {
            tries[way]++;
            successes[way] += success ? 1 : 0;
            if (tries[way] >= MANY) {
                tries[way] /= 2;
                successes[way] /= 2;
            }
        }
    }
}
