package io.acclimate.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The figures of a run, for people: they are measured and never asserted. */
final class Report {
    private Report() {}

    static void print(Run<?> run, Storm storm) {
        System.err.println("harness: faults " + storm.done());
        System.err.println("harness: checked " + run.figures());
        print(storm.recoveries());
    }

    static void print(List<Recovery> recoveries) {
        print("with no other fault until then", recoveries.stream().filter(each -> !each.shared()));
        print("with others on top of it", recoveries.stream().filter(Recovery::shared));
    }

    private static void print(String which, Stream<Recovery> recoveries) {
        Map<String, List<Duration>> took = new TreeMap<>();
        recoveries.forEach(each -> each.took()
                .ifPresentOrElse(
                        time -> took.computeIfAbsent(each.cause(), cause -> new ArrayList<>())
                                .add(time),
                        () -> System.err.printf("harness: a kill of %s not seen mended%n", each.cause())));
        took.forEach((cause, times) -> {
            List<Duration> sorted = times.stream().sorted().toList();
            System.err.printf(
                    "harness: after a kill of %s, %s, all of it works again in %.1f s (median), %.1f s (worst of %d)%n",
                    cause,
                    which,
                    sorted.get(sorted.size() / 2).toMillis() / 1e3,
                    sorted.get(sorted.size() - 1).toMillis() / 1e3,
                    sorted.size());
        });
    }
}
