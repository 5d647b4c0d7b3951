package io.acclimate.web;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Figures in JSON objects: one that is not known is missing, because 0 would be a statement. */
final class Figures {
    private Figures() {}

    /** Those of the figures that are known. */
    static SortedMap<String, Double> known(Map<String, Double> figures) {
        SortedMap<String, Double> known = new TreeMap<>(figures);
        known.values().removeIf(figure -> !Double.isFinite(figure));
        return known;
    }

    /** Puts the figure if it is known. */
    static void put(Map<String, Object> row, String key, double value) {
        if (Double.isFinite(value)) {
            row.put(key, value);
        }
    }
}
