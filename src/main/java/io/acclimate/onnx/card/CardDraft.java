package io.acclimate.onnx.card;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.ModelInput.Content;
import io.acclimate.core.ModelInput.TokenizerFile;
import io.acclimate.onnx.card.ModelCard.OutputKind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a card's text says: each key may be missing, and {@link CardGuess} then takes it from the graph or asks for it.
 *
 * @param row what a record is; empty where the card has no key that tells
 */
public record CardDraft(
        Optional<String> name,
        Optional<String> input,
        Optional<InputDraft> row,
        Optional<String> output,
        Optional<OutputKind> kind,
        Optional<List<String>> classes,
        Map<String, String> provenance) {

    public static final CardDraft EMPTY = new CardDraft(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of());

    public CardDraft {
        classes = classes.map(List::copyOf);
        provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
    }

    /** A card that says everything. */
    public static CardDraft of(ModelCard card) {
        return new CardDraft(
                Optional.of(card.name()),
                Optional.of(card.inputName()),
                Optional.of(InputDraft.of(card.input())),
                Optional.of(card.outputName()),
                Optional.of(card.outputKind()),
                Optional.of(card.classes().names()),
                card.provenance());
    }

    /** What a record of the model is; a picture where the card has no key that tells. */
    Content content() {
        return row.map(InputDraft::content).orElse(Content.IMAGE);
    }

    /** What the card says of a picture. Where it speaks of something else, that is nothing. */
    InputDraft.Picture picture() {
        return row.orElse(InputDraft.Picture.EMPTY) instanceof InputDraft.Picture said
                ? said
                : InputDraft.Picture.EMPTY;
    }

    /** What the card says of a text. Where it speaks of something else, that is nothing. */
    InputDraft.Text text() {
        return row.orElse(InputDraft.Text.EMPTY) instanceof InputDraft.Text said ? said : InputDraft.Text.EMPTY;
    }

    /** The file that the card names as its tokenizer. */
    Optional<TokenizerFile> tokenizer() {
        return text().tokenizer();
    }

    /** The card, once each key but the provenance has its value. */
    ModelCard toCard() {
        return new ModelCard(
                name.orElseThrow(),
                input.orElseThrow(),
                row.orElseThrow().complete(),
                output.orElseThrow(),
                kind.orElseThrow(),
                new ClassNames(classes.orElseThrow()),
                provenance);
    }

    CardDraft withRow(InputDraft said) {
        return new CardDraft(name, input, Optional.of(said), output, kind, classes, provenance);
    }

    /** The same card with the text of the tokenizer that it names. */
    CardDraft withTokenizer(Bytes json) {
        return tokenizer().isEmpty() ? this : withRow(text().withTokenizer(json));
    }

    /** The same card with another output, which the command line may choose. */
    public CardDraft withOutput(String other) {
        return new CardDraft(name, input, row, Optional.of(other), kind, classes, provenance);
    }
}
