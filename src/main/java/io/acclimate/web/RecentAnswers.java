package io.acclimate.web;

import io.acclimate.core.AdaptationEvent.Answered;
import io.acclimate.core.AdaptationEvent.Answered.Answers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The answers for the newest labelled samples, from which the page makes its confusion matrices. A mini-batch counts as a whole, so at least
 * {@value #SAMPLES} samples are kept once so many have arrived. Memory is bounded by samples and not by the square of the number of
 * classes. Not thread-safe.
 */
final class RecentAnswers {
    static final int SAMPLES = 2_000;

    private record Key(String label, String active, String source) {
        static final Comparator<Key> ORDER =
                Comparator.comparing(Key::label).thenComparing(Key::active).thenComparing(Key::source);
    }

    private final Deque<Answered> rounds = new ArrayDeque<>();
    private int samples;

    void add(Answered round) {
        rounds.addLast(round);
        samples += size(round);
        while (rounds.size() > 1 && samples - size(rounds.getFirst()) >= SAMPLES) {
            samples -= size(rounds.removeFirst());
        }
    }

    private static int size(Answered round) {
        return round.answers().stream().mapToInt(Answers::count).sum();
    }

    Map<String, Object> view() {
        Map<Key, Integer> counts = new TreeMap<>(Key.ORDER);
        rounds.forEach(round -> round.answers()
                .forEach(each ->
                        counts.merge(new Key(each.label(), each.active(), each.source()), each.count(), Integer::sum)));
        List<Answers> answers = new ArrayList<>();
        counts.forEach((key, count) -> answers.add(new Answers(key.label, key.active, key.source, count)));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("samples", samples);
        if (!rounds.isEmpty()) {
            body.put("since", rounds.getFirst().at().toEpochMilli());
            body.put(
                    "versions",
                    rounds.stream()
                            .map(Answered::activeVersion)
                            .distinct()
                            .sorted()
                            .toList());
        }
        body.put("answers", answers);
        return body;
    }
}
