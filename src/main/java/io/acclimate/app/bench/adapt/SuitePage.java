package io.acclimate.app.bench.adapt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The suite's results as one HTML page that needs nothing else: a table, and for each cell a plot of accuracy over labels. */
record SuitePage(SuiteReport report) {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 130;
    /** Each point of a plot is the mean of this many rounds. */
    private static final int SMOOTH = 8;

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>bench adapt</title>
            <style>
            body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; color: #222; background: #fff }
            table { border-collapse: collapse } td, th { padding: .2em .6em; text-align: right } td:first-child, th:first-child { text-align: left }
            tr:nth-child(even) { background: #f4f4f4 } .harm { color: #b00020; font-weight: bold }
            figure { display: inline-block; margin: 1em 1em 0 0 } figcaption { font-size: 12px }
            .served { stroke: #0067a5 } .frozen { stroke: #888; stroke-dasharray: 4 3 } path { fill: none; stroke-width: 1.5 }
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
        page.append("</table>\n<h2>Accuracy over labels</h2>\n<p>Blue: what is served. Grey: the source model.</p>\n");
        report.groups().forEach(group -> page.append(figure(group)));
        Files.writeString(file, page.append("</body></html>\n"));
    }

    private static String row(SuiteReport.Group group) {
        double worst = group.worstWindow();
        return String.format(
                Locale.ROOT,
                "<tr><td>%s</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td>%.3f</td>"
                        + "<td%s>%+.3f</td><td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%d</td></tr>%n",
                escaped(group.name()),
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

    private static String figure(SuiteReport.Group group) {
        List<List<Integer>> served =
                group.seeds().stream().map(CellResult::served).toList();
        List<List<Integer>> frozen =
                group.seeds().stream().map(CellResult::frozen).toList();
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<figure><svg width=\"%d\" height=\"%d\" viewBox=\"-24 -6 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT,
                escaped(group.name())));
        for (double level = 0; level <= 1; level += 0.25) {
            double y = y(level);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"0\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>"
                            + "<text x=\"-22\" y=\"%.1f\" font-size=\"9\">%.2f</text>",
                    WIDTH - 30,
                    y,
                    y,
                    y + 3,
                    level));
        }
        svg.append(path(frozen, "frozen")).append(path(served, "served"));
        return svg.append("</svg><figcaption>")
                .append(escaped(group.name()))
                .append("</figcaption></figure>\n")
                .toString();
    }

    private static String path(List<List<Integer>> seeds, String kind) {
        int rounds = seeds.get(0).size();
        List<String> points = new ArrayList<>();
        for (int end = 1; end <= rounds; end++) {
            int from = Math.max(0, end - SMOOTH);
            double hits = 0;
            for (List<Integer> seed : seeds) {
                for (int hit : seed.subList(from, end)) {
                    hits += hit;
                }
            }
            double accuracy = hits / (seeds.size() * (end - from) * (double) CellRun.ROUND);
            points.add(
                    String.format(Locale.ROOT, "%.1f %.1f", (WIDTH - 30.0) * end / rounds, y(Math.min(1, accuracy))));
        }
        return "<path class=\"" + kind + "\" d=\"M" + String.join("L", points) + "\"/>";
    }

    private static double y(double accuracy) {
        return (HEIGHT - 16) * (1 - accuracy);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
