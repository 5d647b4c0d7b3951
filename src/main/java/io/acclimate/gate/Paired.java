package io.acclimate.gate;

/**
 * Two models on the same samples. Only the samples on which they differ tell which is better.
 *
 * @param bothRight samples that both classify right
 * @param onlyCandidateRight samples that only the candidate classifies right
 * @param onlyBaselineRight samples that only the other model classifies right
 */
public record Paired(int samples, int bothRight, int onlyCandidateRight, int onlyBaselineRight) {
    public static final Paired NONE = new Paired(0, 0, 0, 0);

    public Paired {
        if (bothRight < 0 || onlyCandidateRight < 0 || onlyBaselineRight < 0) {
            throw new IllegalArgumentException("counts must not be negative, got " + bothRight + ", "
                    + onlyCandidateRight + ", " + onlyBaselineRight);
        }
        if (samples < bothRight + onlyCandidateRight + onlyBaselineRight) {
            throw new IllegalArgumentException("the counts exceed " + samples + " samples");
        }
    }

    /** Compares hits sample by sample. */
    public static Paired of(boolean[] candidate, boolean[] baseline) {
        if (candidate.length != baseline.length) {
            throw new IllegalArgumentException(
                    "paired hits must be as many, got " + candidate.length + " and " + baseline.length);
        }
        int both = 0;
        int first = 0;
        int second = 0;
        for (int i = 0; i < candidate.length; i++) {
            both += candidate[i] && baseline[i] ? 1 : 0;
            first += candidate[i] && !baseline[i] ? 1 : 0;
            second += !candidate[i] && baseline[i] ? 1 : 0;
        }
        return new Paired(candidate.length, both, first, second);
    }

    public int discordant() {
        return onlyCandidateRight + onlyBaselineRight;
    }

    /** By how many samples the candidate is behind; negative when it is ahead. */
    public int deficit() {
        return onlyBaselineRight - onlyCandidateRight;
    }

    /** NaN without samples. */
    public double candidateAccuracy() {
        return samples == 0 ? Double.NaN : (bothRight + onlyCandidateRight) / (double) samples;
    }

    /** NaN without samples. */
    public double baselineAccuracy() {
        return samples == 0 ? Double.NaN : (bothRight + onlyBaselineRight) / (double) samples;
    }
}
