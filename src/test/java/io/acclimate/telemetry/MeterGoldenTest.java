package io.acclimate.telemetry;

import io.acclimate.Golden;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MeterGoldenTest {
    private static final Pattern SERIES = Pattern.compile("(acclimate_[a-z_]+)(\\{[^}]*})? .*");
    private static final Pattern TAG = Pattern.compile("([a-z]+)=\"[^\"]*\",?");

    @Test
    void prometheusSeesTheseSeries() {
        try (Telemetry telemetry = Telemetry.prometheus()) {
            for (Meter meter : Meter.values()) {
                touch(telemetry, meter);
            }

            Golden.assertText(
                    MeterGoldenTest.class,
                    "series.txt",
                    "Dashboards and alerts query these names, types and tags: they go blank without an error.",
                    series(telemetry.scrape()));
        }
    }

    private static void touch(Telemetry telemetry, Meter meter) {
        String[] tags = meter.tags().toArray(String[]::new);
        switch (meter.type()) {
            case COUNTER -> telemetry.counter(meter, tags).increment();
            case TIMER -> telemetry.timer(meter, tags).record(Duration.ofMillis(3));
            case SUMMARY -> telemetry.summary(meter, tags).record(7);
            case GAUGE -> telemetry.set(meter, 7, tags);
        }
    }

    /** A line for each type and for each series with the names of its tags, without values. */
    private static String series(String page) {
        SortedSet<String> lines = new TreeSet<>();
        page.lines().forEach(line -> {
            var series = SERIES.matcher(line);
            if (line.startsWith("# TYPE acclimate_")) {
                lines.add(line.substring("# TYPE ".length()));
            } else if (series.matches()) {
                String tags = series.group(2) == null
                        ? ""
                        : TAG.matcher(series.group(2))
                                .results()
                                .map(each -> each.group(1))
                                .collect(Collectors.joining(",", "{", "}"));
                lines.add(series.group(1) + tags);
            }
        });
        return String.join("\n", lines) + "\n";
    }
}
