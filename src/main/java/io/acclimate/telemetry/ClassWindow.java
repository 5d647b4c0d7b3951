package io.acclimate.telemetry;

import io.acclimate.core.AdaptationEvent.Answered;
import io.acclimate.core.AdaptationEvent.Answered.Answers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prequential accuracy by class: of the newest labelled samples of a class, those that a model classified as labelled before they were
 * trained on. A mini-batch counts as a whole, so the window holds at least {@value #SAMPLES} samples of all classes together once so many
 * have arrived. One thread.
 */
public final class ClassWindow {
    /** Each class of each domain is a series, so models with more classes than this have no figures by class. */
    public static final int MAX_CLASSES = 20;

    /** More than for the whole domain, because they are shared by the classes. */
    static final int SAMPLES = 2_000;

    /**
     * What the models made of the samples of one class.
     *
     * @param active correct answers of the versions that served
     * @param source correct answers of the source model
     */
    public record Tally(int samples, int active, int source) {
        private static final Tally EMPTY = new Tally(0, 0, 0);

        /** NaN without samples. */
        public double activeAccuracy() {
            return (double) active / samples;
        }

        /** NaN without samples. */
        public double sourceAccuracy() {
            return (double) source / samples;
        }

        private Tally plus(Answers answers, int sign) {
            int count = sign * answers.count();
            return new Tally(
                    samples + count,
                    active + (answers.active().equals(answers.label()) ? count : 0),
                    source + (answers.source().equals(answers.label()) ? count : 0));
        }
    }

    private final Deque<Answered> rounds = new ArrayDeque<>();
    private final Map<String, Tally> classes = new TreeMap<>();
    private int samples;

    public void add(Answered round) {
        rounds.addLast(round);
        count(round, 1);
        while (samples - size(rounds.getFirst()) >= SAMPLES) {
            count(rounds.removeFirst(), -1);
        }
    }

    private void count(Answered round, int sign) {
        samples += sign * size(round);
        for (Answers each : round.answers()) {
            classes.merge(each.label(), Tally.EMPTY.plus(each, sign), (before, unused) -> before.plus(each, sign));
        }
    }

    private static int size(Answered round) {
        return round.answers().stream().mapToInt(Answers::count).sum();
    }

    /** By class name. A class stays, without samples, when all of its own have left the window. */
    public Map<String, Tally> classes() {
        return Map.copyOf(classes);
    }
}
