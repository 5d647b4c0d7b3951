package io.acclimate.onnx.card;

import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a card for a person to complete: each guess and each gap has a comment above it that says why. */
final class CardTemplate {
    private static final String HEAD = """
            # What this model's file does not say of itself. Read each line that is marked, correct it, and delete the mark.
            # GUESS: a usual choice that may be wrong. GAP: nothing is known, so the ? must be replaced.
            # The keys and their values: schemas/card.schema.json.
            """;

    private CardTemplate() {}

    static String of(CardDraft card, CardFacts facts) {
        Map<String, Object> doc = new LinkedHashMap<>(CardYaml.entries(card));
        StringBuilder text = new StringBuilder(HEAD);
        for (String key : CardKeys.NAMES) {
            if (facts.gaps().containsKey(key)) {
                text.append("# GAP: ").append(plain(facts.gaps().get(key))).append('\n');
            } else if (facts.guesses().containsKey(key)) {
                text.append("# GUESS: ").append(plain(facts.guesses().get(key))).append('\n');
            }
            Object value = doc.get(key);
            if (value != null) {
                text.append(CardYaml.dump(Map.of(key, value)));
            } else if (CardKeys.isRequired(key, card.content())) {
                if (!facts.gaps().containsKey(key)) {
                    text.append("# GUESS: while it is ?, it is guessed from the keys above once they are filled in\n");
                }
                text.append(key).append(": \"?\"\n");
            }
        }
        return text.toString();
    }

    private static String plain(String reason) {
        return reason.replaceAll("\\s+", " ");
    }
}
