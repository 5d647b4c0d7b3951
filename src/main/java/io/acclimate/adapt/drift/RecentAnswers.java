package io.acclimate.adapt.drift;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.core.AdaptationEvent.Drifted.Change;
import io.acclimate.core.ClassNames;
import io.acclimate.wire.v1.Drift;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * The last {@value #MOST} labels of a domain, each with what the source model answers. The source model is asked, and not what serves,
 * since it stays the same: its answers to a class change only when the inputs of the class do. From the samples before and after a
 * change of the domain they tell what has changed, by tests at the level {@value #LEVEL}:
 *
 * <ul>
 *   <li>A class is answered as before, and classes have other shares: label shift, p(y).
 *   <li>A class is not answered as before, and answers have other shares as well: the inputs have changed, covariate shift, p(x).
 *   <li>A class is not answered as before, while neither answers nor classes have other shares, not even at {@value #CLEAR}: the same inputs
 *       get other labels, concept drift, p(y | x).
 *   <li>Anything else, few samples, or answers that tell nothing of the classes: unclear.
 * </ul>
 *
 * <p>More than one of these may have changed. It fails where a change of inputs moves as many samples into each answer as out of it, which
 * looks like concept drift. Memory: a few numbers for each label; in a checkpoint, one to three bytes. One thread.
 */
final class RecentAnswers {
    private static final int MOST = 1024;
    /** Samples on either side of a change. */
    private static final int FEWEST = 24;

    private static final double LEVEL = 0.01;
    /** From here on, answers to a class count as those of before. */
    private static final double ALIKE = 0.05;

    /** From here on, shares count as those of before. */
    private static final double CLEAR = 0.1;
    /** Of how many classes an event says the shares at most. */
    private static final int TOLD = 20;

    private final ClassNames classes;
    private final Deque<Answer> recent = new ArrayDeque<>();

    private record Answer(long place, int label, int source) {}

    RecentAnswers(ClassNames classes) {
        this.classes = classes;
    }

    /** @param place of the mini-batch that the sample is from */
    void see(int label, int source, long place) {
        recent.addLast(new Answer(place, label, source));
        if (recent.size() > MOST) {
            recent.removeFirst();
        }
    }

    /** What has changed with the mini-batch at {@code place}. */
    Change changeAt(long place) {
        List<Answer> before =
                recent.stream().filter(each -> each.place() < place).toList();
        List<Answer> after =
                recent.stream().filter(each -> each.place() >= place).toList();
        int[] labels = recent.stream().mapToInt(Answer::label).toArray();
        int[] answers = recent.stream().mapToInt(Answer::source).toArray();
        int[] sides =
                recent.stream().mapToInt(each -> each.place() < place ? 0 : 1).toArray();
        int[] together = new int[labels.length];
        if (before.size() < FEWEST || after.size() < FEWEST) {
            return new Change(Change.Kind.UNCLEAR, Double.NaN, Double.NaN, Double.NaN, shares(before, after));
        }
        SplitMix64 random = new SplitMix64(SplitMix64.mix(place));
        double classShares = new PermutationTest(sides, labels, together).probability(random);
        double answerShares = new PermutationTest(sides, answers, together).probability(random);
        double ofClass = new PermutationTest(sides, answers, labels).probability(random);
        double knowing = new PermutationTest(labels, answers, sides).probability(random);
        return new Change(
                kind(classShares, answerShares, ofClass, knowing),
                classShares,
                answerShares,
                ofClass,
                shares(before, after));
    }

    private static Change.Kind kind(double classShares, double answerShares, double ofClass, double knowing) {
        if (knowing >= LEVEL) {
            return Change.Kind.UNCLEAR;
        }
        if (ofClass >= LEVEL) {
            return classShares < LEVEL && ofClass >= ALIKE ? Change.Kind.LABEL_SHIFT : Change.Kind.UNCLEAR;
        }
        if (answerShares < LEVEL) {
            return Change.Kind.COVARIATE_SHIFT;
        }
        return answerShares >= CLEAR && classShares >= CLEAR ? Change.Kind.CONCEPT_DRIFT : Change.Kind.UNCLEAR;
    }

    /** Those that changed most, the largest change first. */
    private List<Change.Share> shares(List<Answer> before, List<Answer> after) {
        int[] labels = before.stream().mapToInt(Answer::label).toArray();
        SortedMap<Integer, Integer> old = LabelShift.counts(labels);
        SortedMap<Integer, Integer> now =
                LabelShift.counts(after.stream().mapToInt(Answer::label).toArray());
        SortedMap<Integer, Double> estimated = LabelShift.shares(
                labels,
                before.stream().mapToInt(Answer::source).toArray(),
                after.stream().mapToInt(Answer::source).toArray());
        TreeSet<Integer> all = new TreeSet<>(old.keySet());
        all.addAll(now.keySet());
        return all.stream()
                .map(each -> new Change.Share(
                        classes.name(each),
                        old.getOrDefault(each, 0) / (double) Math.max(1, before.size()),
                        now.getOrDefault(each, 0) / (double) Math.max(1, after.size()),
                        estimated.getOrDefault(each, 0.0)))
                .sorted(Comparator.comparingDouble((Change.Share each) -> -Math.abs(each.after() - each.before())))
                .limit(TOLD)
                .toList();
    }

    void clear() {
        recent.clear();
    }

    void save(Drift.Builder saved) {
        long last = -1;
        for (Answer each : recent) {
            if (each.place() != last || saved.getAnswerPlacesCount() == 0) {
                saved.addAnswerPlaces(each.place()).addAnswerCounts(0);
                last = each.place();
            }
            int run = saved.getAnswerCountsCount() - 1;
            saved.setAnswerCounts(run, saved.getAnswerCounts(run) + 1);
            saved.addAnswers((long) each.label() * classes.count() + each.source());
        }
    }

    /** A checkpoint from before answers were kept has none. */
    void restore(Drift saved) {
        recent.clear();
        List<Answer> answers = new ArrayList<>();
        for (int run = 0; run < saved.getAnswerPlacesCount(); run++) {
            for (int i = 0; i < saved.getAnswerCounts(run); i++) {
                long packed = saved.getAnswers(answers.size());
                answers.add(new Answer(saved.getAnswerPlaces(run), (int) (packed / classes.count()), (int)
                        (packed % classes.count())));
            }
        }
        recent.addAll(answers);
    }
}
