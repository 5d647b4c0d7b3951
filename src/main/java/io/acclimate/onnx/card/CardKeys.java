package io.acclimate.onnx.card;

import java.util.List;

/** The keys of a card in the order in which they are written. {@code schemas/card.schema.json} describes their values. */
final class CardKeys {
    static final String PROVENANCE = "provenance";

    static final List<String> NAMES = List.of(
            "name",
            "input",
            "shape",
            "layout",
            "colour",
            "resize",
            "mean",
            "std",
            "output",
            "kind",
            "classes",
            PROVENANCE);

    private CardKeys() {}

    /** Whether a model cannot be used without it, from its card or guessed. */
    static boolean isRequired(String key) {
        return !key.equals(PROVENANCE);
    }
}
