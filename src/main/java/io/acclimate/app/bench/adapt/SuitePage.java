package io.acclimate.app.bench.adapt;

import io.acclimate.app.html.Html;
import io.acclimate.app.html.Plot;
import io.acclimate.app.html.Plot.Point;
import io.acclimate.app.html.Plot.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The suite's results as one HTML page that needs nothing else: a table, and for each cell a plot of accuracy over labels. */
record SuitePage(SuiteReport report) {
    /** Each point of a plot is the mean of this many rounds. */
    private static final int SMOOTH = 8;

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>bench adapt</title>
            <style>
            body { font: 14px/1.4 system-ui, sans-serif; margin: 2em }
            table { border-collapse: collapse } td, th { padding: .2em .6em; text-align: right } td:first-child, th:first-child { text-align: left }
            tr { border-bottom: 1px solid var(--line) } .harm { color: var(--c5); font-weight: bold }
            figure { display: inline-block; width: 20em; margin: 1em 1em 0 0 } figcaption { font-size: 12px }
            """ + Plot.STYLE + """
            </style></head><body><h1>Adaptation, cell by cell</h1>
            <p>Means over the seeds; the worst window is the lowest difference of served and source model's accuracy over 512 images
            in a row, of all seeds. Rounds of high loss: the most in a row in which it was above 3 times its start.</p>
            <table><tr><th>cell</th><th>prequential</th><th>source model</th><th>target</th><th>source model</th><th>source kept</th>
            <th>before</th><th>calibration error</th><th>without temperature</th><th>worst window</th><th>versions</th><th>rejections</th><th>rollbacks</th><th>resets</th><th>restarts</th>
            <th>rounds of high loss</th></tr>
            """;

    void write(Path file) throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        report.groups().forEach(group -> page.append(row(group)));
        page.append("</table>\n<h2>Accuracy over labels</h2>\n");
        report.groups().forEach(group -> page.append(plot(group).svg()));
        Files.writeString(file, page.append("</body></html>\n"));
    }

    private static String row(SuiteReport.Group group) {
        double worst = group.worstWindow();
        return String.format(
                Locale.ROOT,
                "<tr><td>%s</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td>%.3f</td>"
                        + "<td%s>%+.3f</td><td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%d</td></tr>%n",
                Html.escaped(group.name()),
                group.mean(CellResult::prequential),
                group.mean(CellResult::frozenPrequential),
                group.mean(CellResult::target),
                group.mean(CellResult::frozenTarget),
                group.mean(CellResult::source),
                group.mean(CellResult::frozenSource),
                group.mean(CellResult::calibrationError),
                group.mean(CellResult::rawCalibrationError),
                worst < -0.02 ? " class=\"harm\"" : "",
                worst,
                group.mean(CellResult::versions),
                group.mean(CellResult::rejections),
                group.mean(CellResult::rollbacks),
                group.mean(CellResult::resets),
                group.mean(CellResult::restarts),
                group.divergedRounds());
    }

    private static Plot plot(SuiteReport.Group group) {
        return new Plot(
                group.name(),
                "accuracy over the last " + SMOOTH * CellRun.ROUND + " labels",
                1,
                List.of(
                        new Series("served", points(group, CellResult::served)),
                        new Series("source model", points(group, CellResult::frozen))));
    }

    /** The mean over the seeds, at the end of each round. */
    private static List<Point> points(SuiteReport.Group group, Function<CellResult, List<Integer>> hits) {
        int labels = group.seeds().get(0).labels();
        List<List<Integer>> seeds = group.seeds().stream().map(hits).toList();
        List<Point> points = new ArrayList<>();
        for (int end = 1; end <= seeds.get(0).size(); end++) {
            int from = Math.max(0, end - SMOOTH);
            double sum = 0;
            for (List<Integer> seed : seeds) {
                for (int each : seed.subList(from, end)) {
                    sum += each;
                }
            }
            // The last round may have fewer labels than the others.
            int seen = Math.min(labels, end * CellRun.ROUND);
            points.add(new Point(seen, sum / (seeds.size() * (seen - from * CellRun.ROUND))));
        }
        return points;
    }
}
