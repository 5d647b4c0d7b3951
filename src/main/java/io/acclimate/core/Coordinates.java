package io.acclimate.core;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The place of a record in Kafka, written as {@code topic-partition-offset}. */
public record Coordinates(String topic, int partition, long offset) {
    private static final Pattern WRITTEN = Pattern.compile("(.+)-(\\d{1,9})-(\\d{1,18})");

    public Coordinates {
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "partition and offset must not be negative, got " + partition + " and " + offset);
        }
    }

    /** Parses a text that {@link #toString} wrote. Empty for any other text. */
    public static Optional<Coordinates> parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        return matcher.matches()
                ? Optional.of(new Coordinates(
                        matcher.group(1), Integer.parseInt(matcher.group(2)), Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "-" + offset;
    }
}
