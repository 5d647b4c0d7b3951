package io.acclimate.app.terminal;

import java.util.Map;

/** Colours text for a terminal, or leaves it as it is when it goes to a file, to a pipe, or to a reader who wants no colour. */
public enum Paint {
    COLOURED,
    NONE;

    /** NO_COLOR, when it is set to anything, turns colours off; see no-color.org. */
    public static Paint of(Map<String, String> environment) {
        boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return Terminal.present() && !refused ? COLOURED : NONE;
    }

    public String of(Style style, String text) {
        return this == NONE || style.code().isEmpty() ? text : "\u001B[" + style.code() + "m" + text + "\u001B[0m";
    }
}
