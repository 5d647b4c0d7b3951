package io.acclimate.app;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hides secrets in what is printed: the values of arguments whose name says that they are secret, even if it is misspelled. */
final class Secrets {
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i)^-{0,2}[^\\s=]*(passw|passphrase|secret|token|jaas|credential|\\.key\\b)[^=]*$");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"|'([^']+)'");
    private static final int SHORTEST = 3;
    private static final String MASK = "[hidden]";

    private final List<String> values;

    private Secrets(Set<String> values) {
        // A secret may contain another one, so the longer one is hidden first.
        this.values = values.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    static Secrets of(List<String> arguments, Map<String, String> environment) {
        Set<String> values = new TreeSet<>();
        arguments.forEach(argument -> collect(argument, values));
        environment.forEach((name, value) -> {
            if (name.toUpperCase(Locale.ROOT).startsWith("ACCLIMATE_")) {
                collect(name + "=" + value, values);
            }
        });
        return new Secrets(values);
    }

    /** The name of {@code --kafka=sasl.jaas.config=x} is in its second part. */
    private static void collect(String argument, Set<String> values) {
        for (int at = argument.indexOf('='); at >= 0; at = argument.indexOf('=', at + 1)) {
            String name = argument.substring(argument.lastIndexOf('=', at - 1) + 1, at);
            String value = argument.substring(at + 1);
            if (SECRET_NAME.matcher(name).matches()) {
                if (value.length() >= SHORTEST) {
                    values.add(value);
                }
                // Messages may quote only a part of a JAAS entry.
                Matcher quoted = QUOTED.matcher(value);
                while (quoted.find()) {
                    values.add(quoted.group(1) != null ? quoted.group(1) : quoted.group(2));
                }
                return;
            }
        }
    }

    String mask(String text) {
        String masked = text;
        for (String value : values) {
            masked = masked.replace(value, MASK);
        }
        return masked;
    }
}
