package io.acclimate.gate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Evidence against "the mean of x is at most 0", for x in [−1, 1] that arrive one by one and may depend on what came before. Each
 * bet multiplies its wealth by 1 + λx. Under the hypothesis that is a supermartingale whatever λ is, so by Ville's inequality (1939)
 * the mean wealth of all bets ever exceeds 1/α with a probability of at most α: the evidence may be looked at after each sample, for
 * as long as the stream lasts, with one error probability for all of it (Waudby-Smith and Ramdas, <i>Estimating means of bounded
 * random variables by betting</i>, JRSS B, 2024).
 *
 * <p>Variant: a fixed grid of λ, since the best one, about mean/variance, is not known; and bets that begin anew every so many
 * samples, each with a share of the initial wealth (three quarters of it at first, then a quarter · 1/(j(j+1))), since a stream that changes
 * would have to win back first what was lost before. The shares add up to 1, so the level holds for all of them together, also across
 * {@link #forfeit}. All bets of one λ share one number: wealth ← (wealth + share) · (1 + λx). Wealth is capped, which can only lower
 * it: what was won long ago must not outweigh what is lost now. Cost: a multiplication for each λ. Fails to see: a mean above 0 that
 * is small against √(mean square / samples). Rejected alternative: a test of fixed size on the holdout for each candidate, with a
 * level for all of them together; a holdout of the first 100 labels has a dozen samples.
 */
final class Bets {
    private static final double[] FRACTIONS = {0.1, 0.35, 0.8};
    private static final double FIRST_SHARE = 0.75;

    private final double cap;
    private final double[] wealth = new double[FRACTIONS.length];
    private int starts;

    /** @param cap the most that one bet's wealth can be */
    Bets(double cap) {
        this.cap = cap;
    }

    /** Bets a further share from the next sample on. */
    void begin() {
        double share = starts == 0 ? FIRST_SHARE : (1 - FIRST_SHARE) / (starts * (starts + 1.0));
        starts++;
        for (int i = 0; i < wealth.length; i++) {
            wealth[i] += share;
        }
    }

    /** @param x in [−1, 1] */
    void see(double x) {
        for (int i = 0; i < wealth.length; i++) {
            wealth[i] = Math.min(cap, wealth[i] * (1 + FRACTIONS[i] * x));
        }
    }

    /** Gives up what was won, as when the model that it was won by is given up. */
    void forfeit() {
        java.util.Arrays.fill(wealth, 0);
    }

    /** At least 1/α with probability α or less when the mean is at most 0. */
    double evidence() {
        double sum = 0;
        for (double each : wealth) {
            sum += each;
        }
        double unspent = starts == 0 ? 1 : (1 - FIRST_SHARE) / starts;
        return sum / wealth.length + unspent;
    }

    int starts() {
        return starts;
    }

    List<Double> wealth() {
        List<Double> all = new ArrayList<>();
        for (double each : wealth) {
            all.add(each);
        }
        return Collections.unmodifiableList(all);
    }

    /** Of another number of bets, nothing is taken over but how often they began. */
    void restore(List<Double> saved, int savedStarts) {
        starts = savedStarts;
        for (int i = 0; i < wealth.length; i++) {
            wealth[i] = saved.size() == wealth.length ? saved.get(i) : 0;
        }
    }
}
