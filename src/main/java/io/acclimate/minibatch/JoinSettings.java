package io.acclimate.minibatch;

import java.time.Duration;

/**
 * How labels without bytes find the images that were served.
 *
 * @param retention how long after its prediction an image can be labelled without its bytes; zero turns the join off
 * @param patience how long a label that came before its prediction waits for it
 * @param maxWaiting how many labels wait for a prediction at most, in one partition of the join
 */
public record JoinSettings(Duration retention, Duration patience, int maxWaiting) {
    public static final JoinSettings DEFAULT = new JoinSettings(Duration.ofHours(24), Duration.ofMinutes(1), 10_000);

    /** No prediction is read, and every label must have its image's bytes. */
    public static final JoinSettings OFF = new JoinSettings(Duration.ZERO, Duration.ofMinutes(1), 10_000);

    public JoinSettings {
        if (retention.isNegative() || patience.isNegative() || maxWaiting < 1) {
            throw new IllegalArgumentException(
                    "retention and patience must not be negative and maxWaiting is at least 1, got " + retention + ", "
                            + patience + " and " + maxWaiting);
        }
    }

    boolean isOn() {
        return !retention.isZero();
    }

    public JoinSettings withRetention(Duration other) {
        return new JoinSettings(other, patience, maxWaiting);
    }

    public JoinSettings withPatience(Duration other) {
        return new JoinSettings(retention, other, maxWaiting);
    }
}
