package io.acclimate.onnx.card;

import io.acclimate.core.ModelInput.Content;
import java.util.List;
import java.util.Set;

/** The keys of a card in the order in which they are written. {@code schemas/card.schema.json} describes their values. */
final class CardKeys {
    static final String PROVENANCE = "provenance";

    static final List<String> NAMES = List.of(
            "name",
            "input",
            "content",
            "shape",
            "layout",
            "colour",
            "resize",
            "mean",
            "std",
            "columns",
            "tokenizer",
            "output",
            "kind",
            "classes",
            PROVENANCE);

    private CardKeys() {}

    /** The keys that say how pixels become numbers. */
    static final Set<String> OF_PICTURES = Set.of("layout", "colour", "resize", "mean", "std");

    /** The keys that say how a text becomes numbers. */
    static final Set<String> OF_TEXTS = Set.of("columns", "tokenizer");

    /** Whether a model of this content cannot be used without it, from its card or guessed. */
    static boolean isRequired(String key, Content content) {
        return belongs(key, content) && !key.equals(PROVENANCE) && !key.equals("content");
    }

    /** Whether the key means anything for a model of this content. */
    static boolean belongs(String key, Content content) {
        return (content == Content.IMAGE || !OF_PICTURES.contains(key))
                && (content == Content.TEXT || !OF_TEXTS.contains(key));
    }
}
