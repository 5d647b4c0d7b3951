package io.acclimate.web;

import java.util.Map;

/** Figures in JSON objects: one that is not known is missing, because 0 would be a statement. */
final class Figures {
    private Figures() {}

    /** Puts the figure if it is known. */
    static void put(Map<String, Object> row, String key, double value) {
        if (Double.isFinite(value)) {
            row.put(key, value);
        }
    }
}
