package io.acclimate.app.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lines over the number of labels, drawn as SVG. A series with more points than pixels is thinned by means, and a point that is not
 * defined interrupts its line.
 *
 * @param unit what the values are, for the caption
 * @param top the largest value that is shown; larger ones are drawn at the top
 */
public record Plot(String title, String unit, double top, List<Series> series) {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 200;
    private static final int LEFT = 52;
    private static final int BOTTOM = 22;
    private static final int LEVELS = 4;
    private static final int MOST_POINTS = 400;
    private static final int COLOURS = 6;

    /** The rules of a page's style sheet that plots need, by day and by night. */
    public static final String STYLE = style();

    /** A value after so many labels. */
    public record Point(double labels, double value) {}

    /** A named line. */
    public record Series(String name, List<Point> points) {
        public Series {
            points = List.copyOf(points);
        }
    }

    public Plot {
        series = List.copyOf(series);
        if (!(top > 0)) {
            throw new IllegalArgumentException("the top of a plot must be above 0, got " + top);
        }
    }

    /** The plot with its caption; {@link #STYLE} belongs on the page. */
    public String svg() {
        double right = series.stream()
                .flatMap(each -> each.points().stream())
                .mapToDouble(Point::labels)
                .max()
                .orElse(1);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH,
                HEIGHT,
                Html.escaped(title + ", " + unit)));
        for (int level = 0; level <= LEVELS; level++) {
            double value = top * level / LEVELS;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"2\" y=\"%.1f\">%s</text>",
                    LEFT,
                    WIDTH,
                    y(value),
                    y(value),
                    y(value) + 4,
                    label(value)));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\">0</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%,.0f labels</text>",
                LEFT,
                HEIGHT - 4,
                WIDTH,
                HEIGHT - 4,
                right));
        StringBuilder legend = new StringBuilder();
        for (int i = 0; i < series.size(); i++) {
            svg.append("<path class=\"s")
                    .append(i)
                    .append("\" d=\"")
                    .append(path(series.get(i), right))
                    .append("\"/>");
            legend.append("<span class=\"k")
                    .append(i)
                    .append("\">")
                    .append(Html.escaped(series.get(i).name()))
                    .append("</span> ");
        }
        return svg.append("</svg><figcaption><b>")
                .append(Html.escaped(title))
                .append("</b> (")
                .append(Html.escaped(unit))
                .append(") ")
                .append(legend)
                .append("</figcaption></figure>\n")
                .toString();
    }

    private static String style() {
        StringBuilder style = new StringBuilder("""
                :root { color-scheme: light dark; --line: #ccc; --c0: #0067a5; --c1: #777; --c2: #a34700; --c3: #2e7d32; --c4: #7b1fa2; --c5: #b00020 }
                @media (prefers-color-scheme: dark) { :root { --line: #555; --c0: #6cb6ff; --c1: #aaa; --c2: #ffab70; --c3: #7ee787; --c4: #d2a8ff; --c5: #ff7b72 } }
                svg { width: 100%; height: auto; font-size: 11px } svg text { fill: currentColor }
                path { fill: none; stroke-width: 1.6 } .grid { stroke: var(--line) } figcaption span { margin-left: 1em; font-weight: bold }
                """);
        for (int i = 0; i < COLOURS; i++) {
            style.append(
                    String.format(Locale.ROOT, ".s%d { stroke: var(--c%d) } .k%d { color: var(--c%d) }%n", i, i, i, i));
        }
        return style.toString();
    }

    private String label(double value) {
        return top <= 1
                ? String.format(Locale.ROOT, "%.0f %%", 100 * value)
                : String.format(Locale.ROOT, "%.2f", value);
    }

    private double y(double value) {
        double share = Math.max(0, Math.min(1, value / top));
        return 6 + (HEIGHT - BOTTOM - 6) * (1 - share);
    }

    private String path(Series line, double right) {
        StringBuilder path = new StringBuilder();
        boolean pen = false;
        for (Point point : thinned(line.points())) {
            if (Double.isFinite(point.value())) {
                path.append(String.format(
                        Locale.ROOT,
                        "%s%.1f %.1f",
                        pen ? "L" : "M",
                        LEFT + (WIDTH - LEFT) * point.labels() / Math.max(1, right),
                        y(point.value())));
                pen = true;
            } else {
                pen = false;
            }
        }
        return path.toString();
    }

    private static List<Point> thinned(List<Point> points) {
        int each = Math.max(1, (points.size() + MOST_POINTS - 1) / MOST_POINTS);
        List<Point> thinned = new ArrayList<>();
        for (int from = 0; from < points.size(); from += each) {
            List<Point> some = points.subList(from, Math.min(points.size(), from + each));
            thinned.add(new Point(
                    some.get(some.size() - 1).labels(),
                    some.stream()
                            .mapToDouble(Point::value)
                            .filter(Double::isFinite)
                            .average()
                            .orElse(Double.NaN)));
        }
        return thinned;
    }
}
