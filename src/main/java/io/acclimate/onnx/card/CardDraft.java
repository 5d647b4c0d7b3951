package io.acclimate.onnx.card;

import io.acclimate.core.ClassNames;
import io.acclimate.core.InputSpec;
import io.acclimate.core.InputSpec.Colour;
import io.acclimate.core.InputSpec.Layout;
import io.acclimate.core.InputSpec.Resize;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a card's text says: each key may be missing, and {@link CardGuess} then takes it from the graph or asks for it.
 *
 * @param shape one row without the batch, in the layout's order
 */
public record CardDraft(
        Optional<String> name,
        Optional<String> input,
        Optional<List<Integer>> shape,
        Optional<Layout> layout,
        Optional<Colour> colour,
        Optional<Resize> resize,
        Optional<List<Float>> mean,
        Optional<List<Float>> std,
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
            Map.of());

    public CardDraft {
        shape = shape.map(List::copyOf);
        mean = mean.map(List::copyOf);
        std = std.map(List::copyOf);
        classes = classes.map(List::copyOf);
        provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
    }

    /** A card that says everything. */
    public static CardDraft of(ModelCard card) {
        InputSpec input = card.input();
        return new CardDraft(
                Optional.of(card.name()),
                Optional.of(card.inputName()),
                Optional.of(input.row().extents()),
                Optional.of(input.layout()),
                Optional.of(input.colour()),
                Optional.of(input.resize()),
                Optional.of(input.mean()),
                Optional.of(input.std()),
                Optional.of(card.outputName()),
                Optional.of(card.outputKind()),
                Optional.of(card.classes().names()),
                card.provenance());
    }

    /** The card, once each key but the provenance has its value. */
    ModelCard toCard() {
        Layout order = layout.orElseThrow();
        List<Integer> row = shape.orElseThrow();
        boolean first = order == Layout.NCHW;
        InputSpec spec = new InputSpec(
                row.get(first ? 0 : 2),
                row.get(first ? 1 : 0),
                row.get(first ? 2 : 1),
                order,
                colour.orElseThrow(),
                resize.orElseThrow(),
                mean.orElseThrow(),
                std.orElseThrow());
        return new ModelCard(
                name.orElseThrow(),
                input.orElseThrow(),
                spec,
                output.orElseThrow(),
                kind.orElseThrow(),
                new ClassNames(classes.orElseThrow()),
                provenance);
    }

    /** The same card with another output, which the command line may choose. */
    public CardDraft withOutput(String other) {
        return new CardDraft(
                name, input, shape, layout, colour, resize, mean, std, Optional.of(other), kind, classes, provenance);
    }
}
