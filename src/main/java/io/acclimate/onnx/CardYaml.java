package io.acclimate.onnx;

import io.acclimate.core.ClassNames;
import io.acclimate.core.InputSpec;
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
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The card's text: a flat YAML document, unknown keys refused. */
final class CardYaml {
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

    static String write(ModelCard card) {
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

    static ModelCard parse(String file, String yaml) throws InvalidModelException {
        try {
            Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            if (!(root instanceof Map<?, ?> doc)) {
                throw new IllegalArgumentException("a card is a YAML mapping");
            }
            for (Object key : doc.keySet()) {
                if (!KEYS.contains(String.valueOf(key))) {
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
            if (doc.get("provenance") instanceof Map<?, ?> given) {
                given.forEach((key, value) -> provenance.put(String.valueOf(key), String.valueOf(value)));
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

    private static String text(Map<?, ?> doc, String key) {
        @Nullable Object value = doc.get(key);
        if (value == null || value instanceof Map || value instanceof List) {
            throw new IllegalArgumentException("'" + key + "' is missing or not a single value");
        }
        return String.valueOf(value);
    }

    private static List<String> list(Map<?, ?> doc, String key) {
        if (!(doc.get(key) instanceof List<?> values)) {
            throw new IllegalArgumentException("'" + key + "' is missing or not a list");
        }
        return values.stream().map(each -> String.valueOf(each)).toList();
    }

    private static <E extends Enum<E>> E choice(Class<E> type, Map<?, ?> doc, String key) {
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
