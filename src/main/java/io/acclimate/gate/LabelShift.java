package io.acclimate.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Notices labels from a list of classes that is shifted against the model's: off by one, or by any number k. By such labels a candidate that
 * learns the shift is better than the source model, so no comparison of the two finds them. What gives them away is that the source model
 * agrees with the labels best when each is taken for the class k places before it.
 *
 * <p>In: labelled samples with what the source model answers to them ({@link Scored}). Out: the evidence in words, while there is any. Three signs
 * are asked, and as versions are rebuilt by the rules of their time, {@link GateSettings.Suspicion} says which:
 *
 * <ul>
 *   <li>Samples: with aₖ labels that agree with the source model by the shift, and a₀ as they are, aₖ − a₀ &gt; z · √(aₖ + a₀).
 *   <li>Classes: each has a vote of the same weight, in nats ({@link ClassPairs}). This sees a shift where the model is right less often than by
 *       chance, or names one class for most images.
 *   <li>Likeness: classes that are alike to the model must be alike by their labels ({@link ClassLikeness}).
 * </ul>
 *
 * Neither samples nor classes are believed where images that mislead the model explain them as well ({@link #isPlausible}), or a model that is
 * often one class off ({@link #isContradicted}). Counts are halved when there are {@value #MANY}, so that they follow the labels. Cost: three
 * counters for each class, and one for each pair of classes that was seen. Fails to see: other permutations of classes, and any shift where the
 * source model knows nothing of the domain. One thread.
 *
 * <p>What led to each rule, how often it is wrong, and what was rejected: {@code findings/decisions/label-shift.md}.
 */
final class LabelShift {
    /** Standard errors by which agreement must exceed what independent classes would give. */
    private static final double ABOVE_CHANCE = 2;
    /** The same where the model knows little of the domain, and any lead of the shift is enough. */
    private static final double FAR_ABOVE_CHANCE = 3;
    /** The share of samples from which on agreement counts as knowledge of the domain. */
    private static final double KNOWN = 0.3;
    /** Of two classes, a model that hard images mislead takes each for the other, so the lead must be this share of all samples besides. */
    static final double OF_TWO_CLASSES = 0.125;

    private static final int MANY = 2_048;
    /** Fewer classes do not vote. */
    private static final int VOTING_CLASSES = 5;
    /** Nats by which a shift must be ahead of any other: images may mislead a model so that it is never right, whatever the list. */
    private static final double AHEAD = 2;
    /** The same for the mean of two counts, where chance is evened out. */
    private static final double AHEAD_BY_BOTH = 1.5;

    /**
     * Nats of the mean vote below which a shift is not believed where the labels as they are agree with the source model: log 1.75. A model that reads a
     * dial, a size or an age takes each class for the next lower one nearly as often as for itself, and often more.
     */
    private static final double CLEARLY_MORE = 0.56;
    /** Labels that may be too few to tell one list of classes from another. */
    private static final int FEW = 256;
    /**
     * Nats by which a shift that few labels speak for is ahead of no shift. It is waited out, since a version would serve by shifted labels before
     * they are found.
     */
    private static final double DOUBT = 1;
    /**
     * Standard errors by which it comes more often than by chance. A source model that agrees with nothing has nothing to lose by shifted labels, and right
     * ones help it most.
     */
    private static final double DOUBT_ABOVE_CHANCE = 1.5;
    /** The share of what it would have by another list that a model has right as long as images do not mislead it. */
    private static final double NOT_MISLED = 0.6;

    /** Classes of the label set that the least votes are for; of more classes, the most frequent of so many shifts is ahead by more. */
    private static final int USUAL_CLASSES = 10;

    /** On how many samples the label is the source model's class and so many classes on. */
    private final int[] agreement;

    private final int[] predicted;
    private final int[] labelled;
    private final ClassPairs pairs;
    private final double ofTwoClasses;
    private final boolean byClass;
    private final boolean centred;
    private final ClassPairs centredPairs;
    private final ClassLikeness likeness;
    private int samples;

    LabelShift(int classes, GateSettings.Suspicion suspicion) {
        this.ofTwoClasses = suspicion == GateSettings.Suspicion.ALL_CLASSES ? 0 : OF_TWO_CLASSES;
        this.centred = suspicion.isAtLeast(GateSettings.Suspicion.CENTRED_SCORES);
        this.byClass = suspicion.isAtLeast(GateSettings.Suspicion.SEVERAL_CLASSES);
        this.pairs = new ClassPairs(classes);
        this.centredPairs = new ClassPairs(classes);
        this.likeness = new ClassLikeness(suspicion.isAtLeast(GateSettings.Suspicion.ALIKE_CLASSES) ? classes : 0);
        this.agreement = new int[classes];
        this.predicted = new int[classes];
        this.labelled = new int[classes];
    }

    void see(Scored sample) {
        int classes = agreement.length;
        agreement[Math.floorMod(sample.label() - sample.source(), classes)]++;
        predicted[sample.source()]++;
        labelled[sample.label()]++;
        if (byClass) {
            pairs.see(sample.source(), sample.label());
        }
        if (centred) {
            centredPairs.see(sample.centred(), sample.label());
        }
        likeness.see(sample.logits(), sample.label());
        samples++;
        if (samples >= MANY) {
            for (int[] counts : List.of(agreement, predicted, labelled)) {
                for (int i = 0; i < classes; i++) {
                    counts[i] /= 2;
                }
            }
            pairs.halve();
            centredPairs.halve();
            samples = Arrays.stream(agreement).sum();
        }
    }

    /**
     * Why a shift is suspected, if one is.
     *
     * @param orderly false while labels come sorted by class or too few show their order, or classes of the domain have none yet
     */
    Optional<String> suspected(Certainty certainty, boolean orderly) {
        if (centred && agreement.length >= VOTING_CLASSES) {
            return orderly
                    ? alike().or(() -> votedFor(certainty))
                    : bestOf(certainty.z)
                            .filter(shift -> isPlausible(shift, pairs))
                            .map(this::evidence);
        }
        return suspected(certainty.z).or(() -> orderly && byClass ? votedFor(certainty) : Optional.empty());
    }

    /**
     * True unless images rather than labels explain the shift. Negatives of images mislead many a network so that it names nearly always the class that is least like
     * what it sees. It is then right much less often than with most other lists, while a true shift makes it right about as often as those. A list that is off by
     * one is the usual mistake, and any other shift must be plain: where the model is right often by it, and for nearly all classes.
     *
     * @param by the counts that speak for it
     */
    private boolean isPlausible(int shift, ClassPairs by) {
        double shifted = by.samples(shift);
        boolean agreed = by.nearlyAllAgree(shift, labelled, samples);
        if (!isOffByOne(shift)) {
            return agreed && shifted > KNOWN * samples;
        }
        double byOtherLists = (samples - shifted) / (agreement.length - 1);
        return agreed || by.samples(0) >= NOT_MISLED * byOtherLists;
    }

    /** The list that is off by one, where both signs of {@link ClassLikeness} are for it. */
    private Optional<String> alike() {
        return vote() ? offByOne(ClassLikeness.Better::fits).map(this::evidence) : Optional.empty();
    }

    private Optional<Integer> offByOne(Predicate<ClassLikeness.Better> condition) {
        return Stream.of(1, agreement.length - 1)
                .filter(shift -> condition.test(likeness.shiftedBy(shift)))
                .max(Comparator.comparingDouble(
                        shift -> likeness.shiftedBy(shift).moreLikeness()));
    }

    private boolean isOffByOne(int shift) {
        return shift == 1 || shift == agreement.length - 1;
    }

    /** @param z how many standard errors a shift must explain the labels better than no shift */
    Optional<String> suspected(double z) {
        return bestOf(z).map(this::evidence);
    }

    private Optional<Integer> bestOf(double z) {
        int best = 0;
        for (int k = 1; k < agreement.length; k++) {
            best = agreement[k] > agreement[best] ? k : best;
        }
        boolean known = agreement[best] > KNOWN * samples;
        // Where little is known, a candidate is proven so soon that there is no time for more certainty than a lead.
        boolean sure = known || z > 1 || isAboveChance(0, ABOVE_CHANCE);
        double ahead = agreement[best] - (double) agreement[0];
        if (best == 0
                || (agreement.length == 2 && ahead < ofTwoClasses * samples)
                || (!known && (isOneSided(0) || isMisled()))
                || !(ahead > (sure ? z : 0) * Math.sqrt(agreement[best] + agreement[0]))
                || !isAboveChance(best, known ? ABOVE_CHANCE : FAR_ABOVE_CHANCE)
                || (byClass && pairs.restOnOne(best, predicted, labelled, samples))
                || (centred && isContradicted(voting(), best))) {
            return Optional.empty();
        }
        return Optional.of(best);
    }

    private String evidence(int shift) {
        return String.format(
                Locale.ROOT,
                "the labels look like a list of classes shifted by %d: the source model agrees with %d of %d labels as they are, and with %d"
                        + " when each is taken for the class %d before it",
                shift,
                agreement[0],
                samples,
                agreement[shift],
                shift);
    }

    /**
     * The shift that so few labels speak for that nothing is known, and nothing against.
     *
     * @param orderly as for {@link #suspected(Certainty, boolean)}
     */
    Optional<String> doubted(boolean orderly) {
        if (!centred || !orderly || samples >= FEW || !vote()) {
            return Optional.empty();
        }
        ClassPairs voting = voting();
        return voting.votes()
                .filter(votes -> isOffByOne(votes.shift())
                        && votes.sum() > DOUBT + moreClasses()
                        && !isContradicted(voting, votes.shift())
                        && voting.aboveChance(votes.shift(), labelled, samples) > DOUBT_ABOVE_CHANCE)
                .map(ClassPairs.Votes::shift)
                .or(() -> offByOne(ClassLikeness.Better::mayFit))
                .map(shift -> String.format(
                        Locale.ROOT,
                        "%d labels are too few to tell whether the list of classes is shifted by %d; at %d this is waited for no longer",
                        samples,
                        shift,
                        FEW));
    }

    private boolean vote() {
        return agreement.length >= VOTING_CLASSES && !isOneSided(FAR_ABOVE_CHANCE);
    }

    private ClassPairs voting() {
        return centred ? pairs.mean(centredPairs) : pairs;
    }

    /**
     * True when the classes vote against a shift, or for it by little although the labels as they are come with the source model's classes more often than
     * by chance.
     */
    private boolean isContradicted(ClassPairs voting, int shift) {
        double vote = voting.meanVote(shift);
        return vote < 0 || (vote < CLEARLY_MORE && voting.aboveChance(0, labelled, samples) > FAR_ABOVE_CHANCE);
    }

    private double moreClasses() {
        return Math.max(0, StrictMath.log((agreement.length - 1) / (USUAL_CLASSES - 1.0)));
    }

    private Optional<String> votedFor(Certainty asked) {
        if (!vote()) {
            return Optional.empty();
        }
        // What the mean of both counts says was never wrong where it is suspected, and half of the harm is done before
        // it says more.
        Certainty certainty = centred ? Certainty.SUSPECTED : asked;
        // The most frequent of so many shifts is about that far above chance by chance.
        double errors = certainty.aboveChance + Math.sqrt(2 * StrictMath.log(agreement.length));
        double more = moreClasses();
        ClassPairs voting = voting();
        return voting.votes()
                .filter(votes -> votes.sum() > certainty.votes + more
                        && votes.ofOthers() > certainty.votesOfOthers + more
                        && votes.ahead() > (centred ? AHEAD_BY_BOTH : AHEAD)
                        && !(centred && isContradicted(voting, votes.shift()))
                        && (centred
                                ? voting.aboveChance(votes.shift(), labelled, samples) > errors
                                        && isPlausible(votes.shift(), voting)
                                : isAboveChance(votes.shift(), errors)))
                .map(votes -> String.format(
                        Locale.ROOT,
                        "the labels look like a list of classes shifted by %d: of the classes that the source model names, %d come with the"
                                + " label %d on more often than with their own, and %d less often (%d labels)",
                        votes.shift(),
                        votes.inFavour(),
                        votes.shift(),
                        votes.against(),
                        samples));
    }

    /**
     * True when a class has more than twice its even share of the labels: the errors of one class look like a shift of all.
     *
     * @param errors so many standard errors more, since chance gives some class more where classes have few labels
     */
    private boolean isOneSided(double errors) {
        long seen = Arrays.stream(labelled).filter(count -> count > 0).count();
        double twice = 2.0 * samples / Math.max(1, seen);
        return Arrays.stream(labelled).max().orElse(0) > twice + errors * Math.sqrt(twice);
    }

    /** True when the model is right less than half as often as by chance: its images mislead it then, and not its labels. */
    private boolean isMisled() {
        return agreement[0] < byChance(0) / 2;
    }

    private double byChance(int shift) {
        double expected = 0;
        for (int i = 0; i < agreement.length; i++) {
            expected += predicted[i] * (double) labelled[(i + shift) % agreement.length] / samples;
        }
        return expected;
    }

    private boolean isAboveChance(int shift, double errors) {
        double expected = byChance(shift);
        return agreement[shift] > expected + errors * Math.sqrt(expected * (1 - expected / samples));
    }

    void clear() {
        restore(List.of(), List.of(), List.of(), List.of());
    }

    /** Agreements, then predicted classes, then labels. */
    List<Integer> state() {
        List<Integer> all = new ArrayList<>();
        for (int[] counts : List.of(agreement, predicted, labelled)) {
            for (int count : counts) {
                all.add(count);
            }
        }
        return all;
    }

    /** The counts of pairs, see {@link ClassPairs#state}. */
    List<Integer> pairs() {
        return pairs.state();
    }

    /** The counts of pairs by centred scores. */
    List<Integer> centredPairs() {
        return centredPairs.state();
    }

    ClassLikeness likeness() {
        return likeness;
    }

    /** Of so many samples, how many the source model would have right if it had as many right as of all here; NaN before the first. */
    double expectedRight(int of) {
        return of * (double) agreement[0] / samples;
    }

    /**
     * Begins with nothing when the state is that of another number of classes. Of a state without pairs, what was counted speaks for a shift
     * only together with what is counted after it.
     */
    void restore(
            List<Integer> state,
            List<Integer> pairsOfState,
            List<Integer> centredPairsOfState,
            List<Double> likenessOfState) {
        int classes = agreement.length;
        boolean fits = state.size() == 3 * classes;
        for (int i = 0; i < classes; i++) {
            agreement[i] = fits ? state.get(i) : 0;
            predicted[i] = fits ? state.get(classes + i) : 0;
            labelled[i] = fits ? state.get(2 * classes + i) : 0;
        }
        pairs.restore(byClass && fits ? pairsOfState : List.of());
        centredPairs.restore(centred && fits ? centredPairsOfState : List.of());
        likeness.restore(likenessOfState);
        samples = Arrays.stream(agreement).sum();
    }
}
