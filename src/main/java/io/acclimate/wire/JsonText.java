package io.acclimate.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** Builds one JSON text with the escapes and number forms of Protobuf's JSON mapping. One thread. */
final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder text;

    JsonText(int expectedLength) {
        this.text = new StringBuilder(expectedLength);
    }

    JsonText raw(String json) {
        text.append(json);
        return this;
    }

    JsonText number(long value) {
        text.append(value);
        return this;
    }

    JsonText number(float value) {
        if (Float.isFinite(value)) {
            text.append(value);
        } else {
            text.append('"').append(value).append('"');
        }
        return this;
    }

    JsonText number(double value) {
        if (Double.isFinite(value)) {
            text.append(value);
        } else {
            text.append('"').append(value).append('"');
        }
        return this;
    }

    JsonText string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= ' ' && c < 127 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' && c != '='
                    && c != '\'') {
                text.append(c);
            } else {
                escape(c);
            }
        }
        text.append('"');
        return this;
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            case '\b' -> text.append("\\b");
            case '\f' -> text.append("\\f");
            default -> {
                if (c < ' '
                        || c == '<'
                        || c == '>'
                        || c == '&'
                        || c == '='
                        || c == '\''
                        || c == 0x2028
                        || c == 0x2029) {
                    text.append("\\u");
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        text.append(HEX.charAt(c >> shift & 0xf));
                    }
                } else {
                    text.append(c);
                }
            }
        }
    }

    /** RFC 3339 in UTC with 0, 3, 6 or 9 fraction digits. */
    JsonText instant(Instant instant) {
        ZonedDateTime time = instant.atZone(ZoneOffset.UTC);
        text.append('"');
        digits(time.getYear(), 4).append('-');
        digits(time.getMonthValue(), 2).append('-');
        digits(time.getDayOfMonth(), 2).append('T');
        digits(time.getHour(), 2).append(':');
        digits(time.getMinute(), 2).append(':');
        digits(time.getSecond(), 2);
        int nanos = time.getNano();
        if (nanos != 0) {
            text.append('.');
            if (nanos % 1_000_000 == 0) {
                digits(nanos / 1_000_000, 3);
            } else if (nanos % 1_000 == 0) {
                digits(nanos / 1_000, 6);
            } else {
                digits(nanos, 9);
            }
        }
        text.append("Z\"");
        return this;
    }

    private StringBuilder digits(int value, int width) {
        String digits = Integer.toString(value);
        for (int i = digits.length(); i < width; i++) {
            text.append('0');
        }
        return text.append(digits);
    }

    byte[] utf8() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
