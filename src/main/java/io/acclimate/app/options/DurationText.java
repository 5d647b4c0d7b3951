package io.acclimate.app.options;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration as people write it: 500ms, 2s, 5m, 1h; or in the ISO form, PT1M. */
public final class DurationText implements ITypeConverter<Duration> {
    private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    @Override
    public Duration convert(String text) {
        Matcher match = SHORT.matcher(text);
        if (!match.matches()) {
            if (text.startsWith("P")) {
                return Duration.parse(text);
            }
            throw new TypeConversionException("'" + text + "' is no duration like 500ms, 2s, 5m, 1h or PT1M");
        }
        long amount = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }
}
