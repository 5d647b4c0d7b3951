package io.acclimate.onnx.card;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was guessed for a card and what nothing could be guessed for, by key of the card, in the order in which it was found. */
final class CardFacts {
    private final Map<String, String> guesses = new LinkedHashMap<>();
    private final Map<String, String> gaps = new LinkedHashMap<>();

    /** The key has a value that the file does not prove. */
    void guessed(String key, Object value, String why) {
        guesses.put(key, key + ": " + value + " (" + why + ")");
    }

    /** The key must be given. */
    void missing(String key, String why) {
        gaps.put(key, why);
    }

    Map<String, String> gaps() {
        return gaps;
    }

    Map<String, String> guesses() {
        return guesses;
    }

    List<String> remarks() {
        return new ArrayList<>(guesses.values());
    }
}
