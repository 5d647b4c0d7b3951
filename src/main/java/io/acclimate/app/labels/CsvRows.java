package io.acclimate.app.labels;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV by RFC 4180: a field in quotation marks may hold the separator, line breaks, and quotation marks that are doubled.
 * Empty lines are left out. The separator is that which a first line such as {@code sep=;} names, as Excel has it, or else that of comma,
 * semicolon and tab which the first line has most of.
 */
final class CsvRows {
    private static final String NAMED = "sep=";

    private final BufferedReader in;
    private char separator = ',';
    private boolean begun;
    private boolean named;
    private int line;

    CsvRows(BufferedReader in) {
        this.in = in;
    }

    /** The number of the last line that was read. */
    int line() {
        return line;
    }

    Optional<List<String>> next() throws IOException {
        String text = read();
        while (text != null && text.isBlank()) {
            text = read();
        }
        if (text == null) {
            return Optional.empty();
        }
        if (!begun && !named && text.length() == NAMED.length() + 1 && text.startsWith(NAMED)) {
            named = true;
            separator = text.charAt(NAMED.length());
            return next();
        }
        if (!begun) {
            begun = true;
            separator = named ? separator : mostFrequent(text);
        }
        return Optional.of(split(text));
    }

    private @Nullable String read() throws IOException {
        String text = in.readLine();
        if (text != null && line++ == 0 && text.startsWith("\uFEFF")) {
            return text.substring(1);
        }
        return text;
    }

    private List<String> split(String first) throws IOException {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        String text = first;
        for (int i = 0; ; i++) {
            if (i >= text.length()) {
                if (!quoted) {
                    break;
                }
                text = continued();
                field.append('\n');
                i = -1;
                continue;
            }
            char each = text.charAt(i);
            if (quoted && each == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                field.append(each);
                i++;
            } else if (each == '"' && (quoted || field.isEmpty())) {
                quoted = !quoted;
            } else if (each == separator && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(each);
            }
        }
        fields.add(field.toString());
        return fields;
    }

    private String continued() throws IOException {
        String text = read();
        if (text == null) {
            throw new InvalidLabelFileException(
                    "the field that ends the file in line " + line + " lacks its closing quotation mark");
        }
        return text;
    }

    private static char mostFrequent(String header) {
        char best = ',';
        for (char each : new char[] {';', '\t'}) {
            best = count(header, each) > count(header, best) ? each : best;
        }
        return best;
    }

    private static long count(String text, char character) {
        return text.chars().filter(each -> each == character).count();
    }
}
