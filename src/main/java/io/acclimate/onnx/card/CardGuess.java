package io.acclimate.onnx.card;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import io.acclimate.onnx.card.ModelCard.OutputKind;
import io.acclimate.onnx.node.InvalidModelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Completes the card of a model from its graph and its file's metadata. What is not proved by them is noted as a guess, and what
 * cannot be guessed as a gap that the card must fill. Immutable once made.
 */
public final class CardGuess {
    private static final int MAX_CLASSES = 1_000_000;

    private final String file;
    private final boolean hasCard;
    private final CardFacts facts = new CardFacts();
    private final CardDraft draft;
    private final int columns;
    private final int vocabulary;

    private CardGuess(String file, String name, ModelProto model, Optional<CardDraft> card)
            throws InvalidModelException {
        this.file = file;
        this.hasCard = card.isPresent();
        CardDraft given = card.orElse(CardDraft.EMPTY);
        GraphProto graph = model.getGraph();
        Map<String, String> properties = new HashMap<>();
        model.getMetadataPropsList().forEach(each -> properties.put(each.getKey(), each.getValue()));
        FileMetadata metadata = new FileMetadata(properties);
        OutputTrace trace = new OutputTrace(graph);
        ClassCount counts = new ClassCount(graph, trace, opset(model));
        OutputChoice.Chosen output =
                new OutputChoice(file, graph, trace, counts).choose(given.output(), metadata.classes());
        output.why().ifPresent(why -> facts.guessed("output", output.name(), why));
        this.vocabulary = TextGuess.vocabulary(graph);
        this.columns = counts.of(output.name()).orElse(0);
        InputGuess input = new InputGuess(graph, given, metadata, facts);
        InputDraft row = input.complete();
        boolean probabilities = trace.isProbabilities(output.name());
        OutputKind kind = given.kind().orElse(probabilities ? OutputKind.PROBABILITIES : OutputKind.LOGITS);
        if (given.kind().isEmpty() && !probabilities) {
            facts.guessed("kind", kind, "no Softmax or Sigmoid leads to the output");
        }
        Optional<List<String>> classes = given.classes().isPresent()
                ? given.classes()
                : classes(output.name(), given.kind().isPresent() || probabilities, counts, metadata);
        Map<String, String> provenance = new TreeMap<>(given.provenance());
        if (!hasCard) {
            provenance.put("card", "guessed from the graph");
        } else if (!facts.guesses().isEmpty()) {
            provenance.put("card", "completed from the graph");
        }
        this.draft = new CardDraft(
                Optional.of(given.name().orElse(name)),
                Optional.of(input.name()),
                Optional.of(row),
                Optional.of(output.name()),
                Optional.of(kind),
                classes,
                provenance);
    }

    /**
     * Completes a card.
     *
     * @param file what messages call the model
     * @param name the model's name where the card gives none
     * @param model normalised, with all of its outputs
     * @param card what its card says, if there is one
     * @throws InvalidModelException when no output of the graph can be chosen
     */
    public static CardGuess of(String file, String name, ModelProto model, Optional<CardDraft> card)
            throws InvalidModelException {
        return new CardGuess(file, name, model, card);
    }

    /**
     * The completed card.
     *
     * @throws InvalidModelException that names every key which the card must say
     */
    public ModelCard card() throws InvalidModelException {
        if (!facts.gaps().isEmpty()) {
            Set<String> reasons = new LinkedHashSet<>(facts.gaps().values());
            throw new InvalidModelException(
                    file,
                    (hasCard ? "its card leaves keys open: " : "there is no card beside it, and ")
                            + String.join("; ", reasons) + ". Say "
                            + facts.gaps().keySet()
                            + " in its card; inspect --write-card writes one to fill in");
        }
        return draft.toCard().withVocabulary(vocabulary);
    }

    /** The values of the output for each row, 0 where that is not known. */
    public int columns() {
        return columns;
    }

    /** What was guessed, one line for each key of the card, with the reason. */
    public List<String> remarks() {
        return facts.remarks();
    }

    /** A card to fill in: what is known, what was guessed with the reason, and a question mark where nothing is known. */
    public String template() {
        return CardTemplate.of(draft, facts);
    }

    private Optional<List<String>> classes(String output, boolean kindKnown, ClassCount counts, FileMetadata metadata)
            throws InvalidModelException {
        OptionalInt count = counts.of(output);
        Optional<FileMetadata.Names> named =
                counts.labels(output).map(labels -> new FileMetadata.Names("class labels", labels));
        if (named.isEmpty()) {
            named = metadata.classes();
        }
        if (count.orElse(0) > MAX_CLASSES) {
            throw new InvalidModelException(
                    file,
                    "output '" + output + "' has " + count.getAsInt() + " classes, at most " + MAX_CLASSES
                            + " are taken");
        }
        if (count.orElse(0) == 1 && !kindKnown) {
            facts.missing(
                    "kind",
                    "its output '" + output
                            + "' has one column, which cannot name two classes without a word of what it"
                            + " is: LOGITS or PROBABILITIES of the second class");
            facts.missing("classes", "two classes are to be named, the first for 0 and the second for 1");
            return Optional.empty();
        }
        // One column holds the probability of the second class of two.
        int expected = count.orElse(0) == 1 ? 2 : count.orElse(0);
        if (named.isPresent()) {
            int names = named.get().names().size();
            if (expected == 0 || names == expected) {
                return Optional.of(distinct(named.get().names()));
            }
            facts.guessed(
                    "classes",
                    "0 to " + (expected - 1),
                    "the file's '" + named.get().key() + "' has " + names + " names, the output has " + expected
                            + " classes");
        } else if (expected > 0) {
            facts.guessed("classes", "0 to " + (expected - 1), "the file names none");
        } else {
            facts.missing("classes", "its output '" + output + "' does not say how many classes there are");
            return Optional.empty();
        }
        return Optional.of(
                IntStream.range(0, expected).mapToObj(i -> String.valueOf(i)).toList());
    }

    /** ImageNet has two classes called crane: of equal names, the later ones get their index. */
    private static List<String> distinct(List<String> names) {
        Set<String> seen = new LinkedHashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            while (!seen.add(name)) {
                name += " (" + i + ")";
            }
        }
        return new ArrayList<>(seen);
    }

    private static int opset(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(each -> each.getDomain().isEmpty() || each.getDomain().equals("ai.onnx"))
                .mapToInt(each -> (int) each.getVersion())
                .findFirst()
                .orElse(1);
    }
}
