package io.acclimate.onnx.card;

import io.acclimate.core.Bytes;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput.Content;
import io.acclimate.core.ModelInput.TextInput.Column;
import io.acclimate.core.ModelInput.TokenizerFile;
import io.acclimate.onnx.node.InvalidModelException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads and writes the card's text, a flat YAML document. A key may be missing, or hold {@code ?} as a template has it; unknown keys
 * are refused. All that is wrong with a card is said at once.
 */
public final class CardYaml {
    /** Enough for a hundred thousand class names. */
    private static final long MAX_BYTES = 3_000_000;

    /** Those of models for many languages have some 20 MB. */
    private static final long MAX_TOKENIZER_BYTES = 64 << 20;

    /** The value of a key in a template that nobody has filled in. */
    private static final String GAP = "?";

    private final Map<String, Node> doc = new LinkedHashMap<>();
    private final List<String> errors = new ArrayList<>();

    private CardYaml() {}

    public static String write(ModelCard card) {
        return dump(entries(CardDraft.of(card)));
    }

    /** Reads a card that leaves nothing open. */
    public static ModelCard read(Path file) throws InvalidModelException {
        return complete(file.toString(), draft(file));
    }

    /** Reads a card that leaves nothing open. {@code file} is what messages call the text. */
    public static ModelCard parse(String file, String yaml) throws InvalidModelException {
        return complete(file, draft(file, yaml));
    }

    /** Reads a card that leaves nothing open and may name a tokenizer, whose text is {@code tokenizer}. */
    public static ModelCard parse(String file, String yaml, Bytes tokenizer) throws InvalidModelException {
        return complete(file, draft(file, yaml).withTokenizer(tokenizer));
    }

    /** Reads a card that may leave keys to be guessed. */
    public static CardDraft draft(Path file) throws InvalidModelException {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new InvalidModelException(
                        file.toString(), "a card has at most " + MAX_BYTES + " bytes, this file has " + size);
            }
            CardDraft card = draft(file.toString(), Files.readString(file));
            return card.tokenizer().isEmpty()
                    ? card
                    : card.withTokenizer(tokenizer(file, card.tokenizer().get().name()));
        } catch (IOException e) {
            throw new InvalidModelException(file.toString(), "the card cannot be read: " + e, e);
        }
    }

    /** A card may come from elsewhere, so it can name no file outside of its folder. */
    private static Bytes tokenizer(Path card, String name) throws InvalidModelException, IOException {
        Path file = card.resolveSibling(name);
        if (!Path.of(name).equals(Path.of(name).getFileName()) || !Files.isRegularFile(file)) {
            throw new InvalidModelException(
                    card.toString(), "the card names the tokenizer '" + name + "', which is no file in its folder");
        }
        long size = Files.size(file);
        if (size > MAX_TOKENIZER_BYTES) {
            throw new InvalidModelException(
                    file.toString(),
                    "a tokenizer has at most " + MAX_TOKENIZER_BYTES + " bytes, this file has " + size);
        }
        return Bytes.wrap(Files.readAllBytes(file));
    }

    private static ModelCard complete(String file, CardDraft card) throws InvalidModelException {
        Map<String, Object> given = entries(card);
        List<String> missing = new ArrayList<>();
        for (String key : CardKeys.NAMES) {
            if (CardKeys.isRequired(key, card.content()) && !given.containsKey(key)) {
                missing.add("'" + key + "' is missing");
            }
        }
        try {
            if (missing.isEmpty()) {
                return card.toCard();
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(file, "not a model card: " + e.getMessage(), e);
        }
        throw new InvalidModelException(file, "not a model card: " + String.join("; ", missing));
    }

    static Map<String, Object> entries(CardDraft card) {
        Map<String, Object> doc = new LinkedHashMap<>();
        card.name().ifPresent(name -> doc.put("name", name));
        card.input().ifPresent(input -> doc.put("input", input));
        if (card.content() != Content.IMAGE) {
            doc.put("content", card.content().name());
        }
        card.row().flatMap(InputDraft::shape).ifPresent(shape -> doc.put("shape", new ArrayList<>(shape)));
        InputDraft.Picture picture = card.picture();
        picture.layout().ifPresent(layout -> doc.put("layout", layout.name()));
        picture.colour().ifPresent(colour -> doc.put("colour", colour.name()));
        picture.resize().ifPresent(resize -> doc.put("resize", resize.name()));
        picture.mean().ifPresent(mean -> doc.put("mean", doubles(mean)));
        picture.std().ifPresent(std -> doc.put("std", doubles(std)));
        InputDraft.Text words = card.text();
        words.columns()
                .ifPresent(columns ->
                        doc.put("columns", columns.stream().map(Enum::name).toList()));
        words.tokenizer().ifPresent(tokenizer -> doc.put("tokenizer", tokenizer.name()));
        card.output().ifPresent(output -> doc.put("output", output));
        card.kind().ifPresent(kind -> doc.put("kind", kind.name()));
        card.classes().ifPresent(classes -> doc.put("classes", new ArrayList<>(classes)));
        doc.put(CardKeys.PROVENANCE, new TreeMap<>(card.provenance()));
        return doc;
    }

    static String dump(Map<String, Object> doc) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(120);
        return new Yaml(options).dump(doc);
    }

    private static List<Double> doubles(List<Float> floats) {
        return floats.stream().map(f -> Double.valueOf(f.toString())).toList();
    }

    /**
     * Every scalar is taken as its text: YAML's own types would make {@code no} a class named false, and numbers of a
     * million digits a matter of minutes. Collections are not aliased, since a few lines of aliases can say more than memory holds.
     */
    static CardDraft draft(String file, String yaml) throws InvalidModelException {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        CardYaml reader = new CardYaml();
        try {
            reader.mapping(new Yaml(options).compose(new StringReader(yaml)), "a card", reader.doc);
        } catch (YAMLException e) {
            throw new InvalidModelException(file, "not a model card: " + e.getMessage(), e);
        }
        CardDraft card = reader.checked();
        if (!reader.errors.isEmpty()) {
            throw new InvalidModelException(file, "not a model card: " + String.join("; ", reader.errors));
        }
        return card;
    }

    private CardDraft checked() {
        for (String key : doc.keySet()) {
            if (!CardKeys.NAMES.contains(key)) {
                errors.add("unknown key '" + key + "', known are " + new TreeSet<>(CardKeys.NAMES));
            }
        }
        Map<String, String> provenance = new TreeMap<>();
        if (doc.get(CardKeys.PROVENANCE) instanceof MappingNode given) {
            Map<String, Node> entries = new LinkedHashMap<>();
            mapping(given, CardKeys.PROVENANCE, entries);
            entries.forEach((key, value) -> scalar(value, key).ifPresent(text -> provenance.put(key, text)));
        }
        Optional<List<Integer>> shape = list("shape", Integer::valueOf);
        Optional<Content> content = choice(Content.class, "content");
        Content takes = content.orElse(given("tokenizer").isPresent() ? Content.TEXT : Content.IMAGE);
        for (String key : doc.keySet()) {
            if (!CardKeys.belongs(key, takes)) {
                errors.add("'" + key + "' means nothing for a model whose content is " + takes);
            }
        }
        shape.filter(each -> takes == Content.IMAGE && each.size() != 3)
                .ifPresent(each -> errors.add("shape needs 3 extents, without the batch, got " + each));
        shape.filter(each -> takes == Content.TEXT && each.size() != 1)
                .ifPresent(each -> errors.add("the shape of a text is one number, that of its tokens, got " + each));
        InputDraft row = row(takes, shape);
        boolean said = content.isPresent() || !row.equals(InputDraft.Picture.EMPTY);
        return new CardDraft(
                text("name"),
                text("input"),
                said ? Optional.of(row) : Optional.empty(),
                text("output"),
                choice(ModelCard.OutputKind.class, "kind"),
                list("classes", text -> text),
                provenance);
    }

    private InputDraft row(Content content, Optional<List<Integer>> shape) {
        return switch (content) {
            case IMAGE ->
                new InputDraft.Picture(
                        shape,
                        choice(InputSpec.Layout.class, "layout"),
                        choice(InputSpec.Colour.class, "colour"),
                        choice(InputSpec.Resize.class, "resize"),
                        list("mean", CardYaml::finite),
                        list("std", CardYaml::finite));
            case TENSOR -> new InputDraft.Numbers(shape);
            case TEXT ->
                new InputDraft.Text(
                        shape,
                        list("columns", CardYaml::column),
                        text("tokenizer").map(name -> new TokenizerFile(name, Bytes.EMPTY)));
        };
    }

    private static Float finite(String text) {
        Float number = Float.valueOf(text);
        if (!Float.isFinite(number)) {
            throw new NumberFormatException(text);
        }
        return number;
    }

    private void mapping(@Nullable Node node, String what, Map<String, Node> into) {
        if (!(node instanceof MappingNode map)) {
            errors.add(what + " is a YAML mapping");
            return;
        }
        for (NodeTuple each : map.getValue()) {
            Optional<String> key = scalar(each.getKeyNode(), what + "'s key");
            if (key.isPresent() && into.put(key.get(), each.getValueNode()) != null) {
                errors.add("'" + key.get() + "' is given twice");
            }
        }
    }

    private Optional<String> scalar(Node node, String key) {
        if (node instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue());
        }
        errors.add("'" + key + "' is not a single value");
        return Optional.empty();
    }

    /** The node of a key that is given and is no gap of a template. */
    private Optional<Node> given(String key) {
        return Optional.ofNullable(doc.get(key))
                .filter(node ->
                        !(node instanceof ScalarNode scalar && scalar.getValue().equals(GAP)));
    }

    private Optional<String> text(String key) {
        Optional<String> text = given(key).flatMap(node -> scalar(node, key));
        if (text.filter(String::isBlank).isPresent()) {
            errors.add("'" + key + "' is empty");
            return Optional.empty();
        }
        return text;
    }

    private <T> Optional<List<T>> list(String key, Function<String, T> element) {
        Optional<Node> node = given(key);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (!(node.get() instanceof SequenceNode values)) {
            errors.add("'" + key + "' is not a list");
            return Optional.empty();
        }
        List<T> list = new ArrayList<>();
        for (Node each : values.getValue()) {
            Optional<String> text = scalar(each, key);
            try {
                text.ifPresent(value -> list.add(element.apply(value)));
            } catch (NumberFormatException e) {
                errors.add("'" + key + "' holds '" + text.orElse("") + "', which is no number of its kind");
            }
        }
        return Optional.of(list);
    }

    private static Column column(String text) {
        for (Column each : Column.values()) {
            if (each.name().equals(text.toUpperCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new NumberFormatException(text);
    }

    private <E extends Enum<E>> Optional<E> choice(Class<E> type, String key) {
        Optional<String> text = given(key).flatMap(node -> scalar(node, key));
        if (text.isEmpty()) {
            return Optional.empty();
        }
        for (E each : type.getEnumConstants()) {
            if (each.name().equals(text.get().toUpperCase(Locale.ROOT))) {
                return Optional.of(each);
            }
        }
        errors.add("'" + key + "' must be one of " + List.of(type.getEnumConstants()) + ", is '" + text.get() + "'");
        return Optional.empty();
    }
}
