package io.acclimate.onnx.card;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.InputSpec;
import io.acclimate.core.InputSpec.Colour;
import io.acclimate.core.InputSpec.Layout;
import io.acclimate.core.InputSpec.Resize;
import io.acclimate.core.ModelInput;
import io.acclimate.core.ModelInput.Content;
import io.acclimate.core.ModelInput.TensorInput;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.core.ModelInput.TextInput.Column;
import io.acclimate.core.ModelInput.TokenizerFile;
import io.acclimate.core.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a card's text says: each key may be missing, and {@link CardGuess} then takes it from the graph or asks for it.
 *
 * @param content what a record is; a picture where it is missing
 * @param shape one row without the batch, in the layout's order; for a text the number of its tokens
 */
public record CardDraft(
        Optional<String> name,
        Optional<String> input,
        Optional<Content> content,
        Optional<List<Integer>> shape,
        Optional<Layout> layout,
        Optional<Colour> colour,
        Optional<Resize> resize,
        Optional<List<Float>> mean,
        Optional<List<Float>> std,
        Optional<List<Column>> columns,
        Optional<TokenizerFile> tokenizer,
        Optional<String> output,
        Optional<ModelCard.OutputKind> kind,
        Optional<List<String>> classes,
        Map<String, String> provenance) {

    public static final CardDraft EMPTY = new CardDraft(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of());

    public CardDraft {
        shape = shape.map(List::copyOf);
        mean = mean.map(List::copyOf);
        std = std.map(List::copyOf);
        columns = columns.map(List::copyOf);
        classes = classes.map(List::copyOf);
        provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
    }

    /** A card that says everything. */
    public static CardDraft of(ModelCard card) {
        CardDraft half = EMPTY.withName(card.name()).withInput(card.inputName());
        ModelInput input = card.input();
        if (input instanceof InputSpec picture) {
            half = half.withPicture(
                    Optional.of(picture.row().extents()),
                    Optional.of(picture.layout()),
                    Optional.of(picture.colour()),
                    Optional.of(picture.resize()),
                    Optional.of(picture.mean()),
                    Optional.of(picture.std()));
        } else if (input instanceof TextInput text) {
            half = half.withText(
                    Optional.of(List.of(text.tokens())), Optional.of(text.columns()), Optional.of(text.tokenizer()));
        } else {
            half = half.withTensor(Optional.of(input.row().extents()));
        }
        return half.withAnswers(
                Optional.of(card.outputName()),
                Optional.of(card.outputKind()),
                Optional.of(card.classes().names()),
                card.provenance());
    }

    /** What a record of the model is. A card that names a tokenizer needs not say that it is a text. */
    Content contentOr(Content absent) {
        return content.orElse(tokenizer.isPresent() ? Content.TEXT : absent);
    }

    /** The card, once each key but the provenance has its value. */
    ModelCard toCard() {
        return new ModelCard(
                name.orElseThrow(),
                input.orElseThrow(),
                row(),
                output.orElseThrow(),
                kind.orElseThrow(),
                new ClassNames(classes.orElseThrow()),
                provenance);
    }

    private ModelInput row() {
        List<Integer> extents = shape.orElseThrow();
        return switch (contentOr(Content.IMAGE)) {
            case TENSOR -> new TensorInput(new Shape(extents));
            case TEXT -> new TextInput(extents.get(0), columns.orElseThrow(), 0, tokenizer.orElseThrow());
            case IMAGE -> {
                Layout order = layout.orElseThrow();
                boolean first = order == Layout.NCHW;
                yield new InputSpec(
                        extents.get(first ? 0 : 2),
                        extents.get(first ? 1 : 0),
                        extents.get(first ? 2 : 1),
                        order,
                        colour.orElseThrow(),
                        resize.orElseThrow(),
                        mean.orElseThrow(),
                        std.orElseThrow());
            }
        };
    }

    CardDraft withName(String model) {
        return new CardDraft(
                Optional.of(model),
                input,
                content,
                shape,
                layout,
                colour,
                resize,
                mean,
                std,
                columns,
                tokenizer,
                output,
                kind,
                classes,
                provenance);
    }

    CardDraft withInput(String graphInput) {
        return new CardDraft(
                name,
                Optional.of(graphInput),
                content,
                shape,
                layout,
                colour,
                resize,
                mean,
                std,
                columns,
                tokenizer,
                output,
                kind,
                classes,
                provenance);
    }

    /** The same card of a model of pictures. */
    CardDraft withPicture(
            Optional<List<Integer>> row,
            Optional<Layout> order,
            Optional<Colour> channels,
            Optional<Resize> fit,
            Optional<List<Float>> means,
            Optional<List<Float>> stds) {
        return new CardDraft(
                name,
                input,
                content,
                row,
                order,
                channels,
                fit,
                means,
                stds,
                columns,
                tokenizer,
                output,
                kind,
                classes,
                provenance);
    }

    /** The same card of a model of numbers. */
    CardDraft withTensor(Optional<List<Integer>> row) {
        return new CardDraft(
                name,
                input,
                Optional.of(Content.TENSOR),
                row,
                layout,
                colour,
                resize,
                mean,
                std,
                columns,
                tokenizer,
                output,
                kind,
                classes,
                provenance);
    }

    /** The same card of a model of texts. */
    CardDraft withText(Optional<List<Integer>> tokens, Optional<List<Column>> inputs, Optional<TokenizerFile> file) {
        return new CardDraft(
                name,
                input,
                Optional.of(Content.TEXT),
                tokens,
                layout,
                colour,
                resize,
                mean,
                std,
                inputs,
                file,
                output,
                kind,
                classes,
                provenance);
    }

    /** The same card with the text of the tokenizer that it names. */
    CardDraft withTokenizer(Bytes json) {
        return tokenizer.isEmpty()
                ? this
                : withText(shape, columns, tokenizer.map(each -> new TokenizerFile(each.name(), json)));
    }

    /** The same card with another end. */
    CardDraft withAnswers(
            Optional<String> scores,
            Optional<ModelCard.OutputKind> meaning,
            Optional<List<String>> names,
            Map<String, String> origin) {
        return new CardDraft(
                name, input, content, shape, layout, colour, resize, mean, std, columns, tokenizer, scores, meaning,
                names, origin);
    }

    /** The same card with another output, which the command line may choose. */
    public CardDraft withOutput(String other) {
        return withAnswers(Optional.of(other), kind, classes, provenance);
    }
}
