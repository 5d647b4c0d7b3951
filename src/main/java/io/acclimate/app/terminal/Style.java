package io.acclimate.app.terminal;

/** What a text means to a reader, which decides its colour on a terminal. */
public enum Style {
    PLAIN(""),
    STRONG("1"),
    FAINT("2"),
    GOOD("32"),
    CAUTION("33"),
    BAD("31");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** The parameter of the terminal's escape sequence; empty for text as it is. */
    String code() {
        return code;
    }
}
