package io.acclimate.gate;

import java.util.Arrays;
import java.util.List;

/**
 * Detects that a mean which was 0 or less has become positive: that a model falls behind. As {@link Bets}, but the wealth of each bet
 * never falls below 1, so that what was good before does not delay the alarm: e ← max(e, 1) · (1 + λx), with an alarm at 1/α. Without
 * a change the mean number of samples until a false alarm is 1/α or more (the e-CUSUM of Shin, Ramdas and Rinaldo, <i>E-detectors</i>,
 * NEJSDS 2024). Cost: a multiplication for each λ.
 */
final class LossAlarm {
    private static final double[] FRACTIONS = {0.2, 0.5};
    /** Once in so many samples by chance, or more seldom. */
    private static final double THRESHOLD = 5_000;

    private final double[] wealth = new double[FRACTIONS.length];

    LossAlarm() {
        silence();
    }

    /** @param loss in [−1, 1], positive where the model is behind */
    void see(double loss) {
        for (int i = 0; i < wealth.length; i++) {
            wealth[i] = Math.min(2 * THRESHOLD, Math.max(1, wealth[i]) * (1 + FRACTIONS[i] * loss));
        }
    }

    boolean sounds() {
        return (wealth[0] + wealth[1]) / 2 >= THRESHOLD;
    }

    void silence() {
        Arrays.fill(wealth, 1);
    }

    List<Double> wealth() {
        return List.of(wealth[0], wealth[1]);
    }

    void restore(List<Double> saved) {
        for (int i = 0; i < wealth.length; i++) {
            wealth[i] = saved.size() == wealth.length ? saved.get(i) : 1;
        }
    }
}
