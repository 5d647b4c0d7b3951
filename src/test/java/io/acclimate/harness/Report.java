package io.acclimate.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The figures of a run, for people: they are measured and never asserted. */
final class Report {
    private Report() {}

    static void print(Run run, Storm storm) {
        System.err.println("harness: faults " + storm.done());
        System.err.println("harness: checked " + run.figures());
        print(storm.recoveries());
    }

    static void print(List<Recovery> recoveries) {
        Map<String, List<Duration>> took = new TreeMap<>();
        Map<String, Integer> never = new TreeMap<>();
        for (Recovery each : recoveries) {
            each.took()
                    .ifPresentOrElse(
                            time -> took.computeIfAbsent(each.cause(), cause -> new ArrayList<>())
                                    .add(time),
                            () -> never.merge(each.cause(), 1, Integer::sum));
        }
        took.forEach((cause, times) -> {
            List<Duration> sorted = times.stream().sorted().toList();
            System.err.printf(
                    "harness: after a kill of %s all of it works again in %.1f s (median), %.1f s (worst of %d)%n",
                    cause,
                    sorted.get(sorted.size() / 2).toMillis() / 1e3,
                    sorted.get(sorted.size() - 1).toMillis() / 1e3,
                    sorted.size());
        });
        never.forEach((cause, count) -> System.err.printf("harness: %d kills of %s not seen mended%n", count, cause));
    }
}
