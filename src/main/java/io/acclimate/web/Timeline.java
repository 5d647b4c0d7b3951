package io.acclimate.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A curve over the whole run in bounded memory. Beyond a limit of points every second one is dropped; the oldest and the newest
 * are kept. Not thread-safe.
 */
final class Timeline {
    static final int LIMIT = 2_000;

    private record Point(long seq, List<Double> row) {}

    private final int limit;
    private final List<Point> points = new ArrayList<>();

    Timeline() {
        this(LIMIT);
    }

    Timeline(int limit) {
        this.limit = limit;
    }

    void add(long seq, Instant at, double... values) {
        List<Double> row = new ArrayList<>(values.length + 1);
        row.add((double) at.toEpochMilli());
        for (double value : values) {
            row.add(value);
        }
        points.add(new Point(seq, row));
        if (points.size() > limit) {
            List<Point> kept = new ArrayList<>(limit / 2 + 2);
            for (int i = 0; i < points.size(); i++) {
                if (i % 2 == 0 || i == points.size() - 1) {
                    kept.add(points.get(i));
                }
            }
            points.clear();
            points.addAll(kept);
        }
    }

    /** Rows {@code [epoch milliseconds, values…]} after {@code cursor}. A value that is not known is NaN. */
    List<List<Double>> after(long cursor) {
        return points.stream()
                .filter(point -> point.seq > cursor)
                .map(Point::row)
                .toList();
    }
}
