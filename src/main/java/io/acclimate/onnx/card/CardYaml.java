package io.acclimate.onnx.card;

import io.acclimate.core.ClassNames;
import io.acclimate.core.InputSpec;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

/** Reads and writes the card's text, a flat YAML document. Unknown keys are refused. */
public final class CardYaml {
    /** Enough for a hundred thousand class names. */
    private static final long MAX_BYTES = 3_000_000;

    private static final Set<String> KEYS = Set.of(
            "name",
            "input",
            "output",
            "shape",
            "layout",
            "colour",
            "resize",
            "mean",
            "std",
            "kind",
            "classes",
            "provenance");

    private CardYaml() {}

    public static String write(ModelCard card) {
        InputSpec input = card.input();
        Map<String, Object> doc = new LinkedHashMap<>();
        doc.put("name", card.name());
        doc.put("input", card.inputName());
        doc.put("shape", new ArrayList<>(input.row().extents()));
        doc.put("layout", input.layout().name());
        doc.put("colour", input.colour().name());
        doc.put("resize", input.resize().name());
        doc.put("mean", doubles(input.mean()));
        doc.put("std", doubles(input.std()));
        doc.put("output", card.outputName());
        doc.put("kind", card.outputKind().name());
        doc.put("classes", new ArrayList<>(card.classes().names()));
        doc.put("provenance", new TreeMap<>(card.provenance()));
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(120);
        return new Yaml(options).dump(doc);
    }

    private static List<Double> doubles(List<Float> floats) {
        return floats.stream().map(f -> Double.valueOf(f.toString())).toList();
    }

    public static ModelCard read(Path file) throws InvalidModelException {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new InvalidModelException(
                        file.toString(), "a card has at most " + MAX_BYTES + " bytes, this file has " + size);
            }
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new InvalidModelException(file.toString(), "the card cannot be read: " + e, e);
        }
    }

    /**
     * Reads a card's text. Every scalar is taken as its text: YAML's own types would make {@code no} a class named false, and numbers of a
     * million digits a matter of minutes. Collections are not aliased, since a few lines of aliases can say more than memory holds.
     *
     * @param file what messages call the text
     */
    public static ModelCard parse(String file, String yaml) throws InvalidModelException {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        try {
            Map<String, Node> doc = mapping(new Yaml(options).compose(new StringReader(yaml)), "a card");
            for (String key : doc.keySet()) {
                if (!KEYS.contains(key)) {
                    throw new IllegalArgumentException("unknown key '" + key + "', known are " + new TreeSet<>(KEYS));
                }
            }
            InputSpec.Layout layout = choice(InputSpec.Layout.class, doc, "layout");
            List<Integer> shape = list(doc, "shape").stream()
                    .map(each -> Integer.valueOf(each))
                    .toList();
            if (shape.size() != 3) {
                throw new IllegalArgumentException("shape needs 3 extents, without the batch, got " + shape);
            }
            boolean nchw = layout == InputSpec.Layout.NCHW;
            InputSpec input = new InputSpec(
                    shape.get(nchw ? 0 : 2),
                    shape.get(nchw ? 1 : 0),
                    shape.get(nchw ? 2 : 1),
                    layout,
                    choice(InputSpec.Colour.class, doc, "colour"),
                    choice(InputSpec.Resize.class, doc, "resize"),
                    list(doc, "mean").stream().map(each -> Float.valueOf(each)).toList(),
                    list(doc, "std").stream().map(each -> Float.valueOf(each)).toList());
            Map<String, String> provenance = new TreeMap<>();
            Node given = doc.get("provenance");
            if (given instanceof MappingNode) {
                mapping(given, "provenance").forEach((key, value) -> provenance.put(key, text(value, key)));
            }
            return new ModelCard(
                    text(doc, "name"),
                    text(doc, "input"),
                    input,
                    text(doc, "output"),
                    choice(ModelCard.OutputKind.class, doc, "kind"),
                    new ClassNames(list(doc, "classes")),
                    provenance);
        } catch (YAMLException | IllegalArgumentException e) {
            throw new InvalidModelException(file, "not a model card: " + e.getMessage(), e);
        }
    }

    private static Map<String, Node> mapping(@Nullable Node node, String what) {
        if (!(node instanceof MappingNode map)) {
            throw new IllegalArgumentException(what + " is a YAML mapping");
        }
        Map<String, Node> entries = new LinkedHashMap<>();
        for (NodeTuple each : map.getValue()) {
            String key = text(each.getKeyNode(), what + "'s key");
            if (entries.put(key, each.getValueNode()) != null) {
                throw new IllegalArgumentException("'" + key + "' is given twice");
            }
        }
        return entries;
    }

    private static String text(@Nullable Node node, String key) {
        if (!(node instanceof ScalarNode scalar)) {
            throw new IllegalArgumentException("'" + key + "' is missing or not a single value");
        }
        return scalar.getValue();
    }

    private static String text(Map<String, Node> doc, String key) {
        return text(doc.get(key), key);
    }

    private static List<String> list(Map<String, Node> doc, String key) {
        if (!(doc.get(key) instanceof SequenceNode values)) {
            throw new IllegalArgumentException("'" + key + "' is missing or not a list");
        }
        return values.getValue().stream().map(each -> text(each, key)).toList();
    }

    private static <E extends Enum<E>> E choice(Class<E> type, Map<String, Node> doc, String key) {
        String text = text(doc, key);
        for (E each : type.getEnumConstants()) {
            if (each.name().equals(text.toUpperCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                "'" + key + "' must be one of " + List.of(type.getEnumConstants()) + ", got '" + text + "'");
    }
}
