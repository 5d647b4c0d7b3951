package io.acclimate.app.terminal;

import java.util.Locale;
import java.util.OptionalDouble;

/** Writes figures as people write them. */
public final class Figures {
    private static final String UNDEFINED = "-";

    private Figures() {}

    /** Writes a share of 1 as {@code 71.7 %}, and {@code -} when it is not defined. */
    public static String percent(double share) {
        return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f %%", 100 * share) : UNDEFINED;
    }

    /** Writes a time as {@code 442 ms}, and {@code -} when it is not defined. */
    public static String millis(double millis) {
        return Double.isFinite(millis)
                ? String.format(Locale.ROOT, millis < 100 ? "%.1f ms" : "%.0f ms", millis)
                : UNDEFINED;
    }

    /** Reads a figure of a record's text; NaN when there is none. */
    public static double parse(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    public static String percent(OptionalDouble share) {
        return percent(share.orElse(Double.NaN));
    }
}
