package io.acclimate.gate;

/** How much must speak for a shift, for {@link LabelShift} to say that there is one. */
enum Certainty {
    /** Enough to prove nothing by these labels. */
    SUSPECTED(1, 4, 1.5, 1),
    /** Enough to take back what serves, where it is not the mean of two counts that votes. */
    FOUND(2, 5, 2, 1.5);

    final double z;
    final double votes;
    final double votesOfOthers;
    final double aboveChance;

    /**
     * @param z how many standard errors the shift explains the labels better than none
     * @param votes of all classes, in nats
     * @param votesOfOthers of all but the one that says most for it
     * @param aboveChance standard errors by which the shift must come more often than by chance, beyond √(2 log classes)
     */
    Certainty(double z, double votes, double votesOfOthers, double aboveChance) {
        this.z = z;
        this.votes = votes;
        this.votesOfOthers = votesOfOthers;
        this.aboveChance = aboveChance;
    }
}
