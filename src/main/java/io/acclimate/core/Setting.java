package io.acclimate.core;

/** Checks the values of settings, so that every room refuses a wrong one in the same words: its name, its range, and what it is. */
public final class Setting {
    private Setting() {}

    /** Refuses a {@code value} that is not from {@code low} to {@code high}. */
    public static void inRange(String name, long value, long low, long high) {
        require(value >= low && value <= high, name + " must be " + low + " to " + high, value);
    }

    /** Refuses a {@code value} that is not from {@code low} to {@code high}, as NaN is not. */
    public static void inRange(String name, double value, double low, double high) {
        require(value >= low && value <= high, name + " must be from " + low + " to " + high, value);
    }

    /** Refuses {@code value} with {@code rule} where that does not hold. */
    public static void require(boolean holds, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ", got " + value);
        }
    }
}
