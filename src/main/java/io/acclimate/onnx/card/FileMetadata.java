package io.acclimate.onnx.card;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * What a model file's {@code metadata_props} say of classes and pixels. Exporters write lists and dictionaries as JSON or as Python
 * prints them, and both are YAML flow collections, so one reader takes them all.
 */
final class FileMetadata {
    /** The keys that hold class names, the most specific first: Ultralytics, Hugging Face and timm, Core ML, and others. */
    private static final List<String> CLASS_KEYS =
            List.of("names", "id2label", "label2id", "class_names", "classes", "class_labels", "labels", "label_names");

    /** More text than this is not a list of classes. */
    private static final int LONGEST = 8_000_000;

    private final Map<String, String> entries;

    FileMetadata(Map<String, String> entries) {
        this.entries = Map.copyOf(entries);
    }

    /** Class names in index order, with the key that they came from. */
    record Names(String key, List<String> names) {
        Names {
            names = List.copyOf(names);
        }
    }

    Optional<Names> classes() {
        for (String key : CLASS_KEYS) {
            Optional<List<String>> names = Optional.ofNullable(entries.get(key)).flatMap(FileMetadata::names);
            if (names.isPresent()) {
                return Optional.of(new Names(key, names.get()));
            }
        }
        return Optional.empty();
    }

    /** Ultralytics' classifiers take values from 0 to 1 of the middle of the image. */
    boolean isUltralytics() {
        return entries.getOrDefault("author", "").equals("Ultralytics")
                && entries.getOrDefault("task", "").equals("classify");
    }

    /** Height and width, where Ultralytics' {@code imgsz} says them. */
    Optional<List<Integer>> size() {
        return Optional.ofNullable(entries.get("imgsz"))
                .flatMap(FileMetadata::names)
                .filter(each -> each.size() == 2 && each.stream().allMatch(e -> e.matches("[1-9][0-9]{0,4}")))
                .map(each -> each.stream().map(e -> Integer.valueOf(e)).toList());
    }

    private static Optional<List<String>> names(String text) {
        if (text.length() > LONGEST || text.isBlank()) {
            return Optional.empty();
        }
        String stripped = text.strip();
        if (stripped.startsWith("{") || stripped.startsWith("[")) {
            return collection(stripped);
        }
        if (stripped.startsWith("(") && stripped.endsWith(")")) {
            // A tuple of Python is written like a list but for its brackets.
            return collection("[" + stripped.substring(1, stripped.length() - 1) + "]");
        }
        String separator = stripped.contains("\n") ? "\n" : ",";
        List<String> words = Stream.of(stripped.split(separator, -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
        return words.size() < 2 ? Optional.empty() : Optional.of(words);
    }

    private static Optional<List<String>> collection(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setCodePointLimit(LONGEST);
        try {
            Node node = new Yaml(options).compose(new StringReader(text));
            if (node instanceof SequenceNode list) {
                return scalars(list.getValue());
            }
            return node instanceof MappingNode map ? dictionary(map) : Optional.empty();
        } catch (YAMLException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Indexes are the keys or, as in {@code label2id}, the values; they must be 0 to the number of classes. */
    private static Optional<List<String>> dictionary(MappingNode map) {
        Optional<List<String>> keys =
                scalars(map.getValue().stream().map(NodeTuple::getKeyNode).toList());
        Optional<List<String>> values =
                scalars(map.getValue().stream().map(NodeTuple::getValueNode).toList());
        if (keys.isEmpty() || values.isEmpty()) {
            return Optional.empty();
        }
        Optional<List<String>> byKey = ordered(keys.get(), values.get());
        return byKey.isPresent() ? byKey : ordered(values.get(), keys.get());
    }

    private static Optional<List<String>> ordered(List<String> indexes, List<String> names) {
        Map<Integer, String> byIndex = new HashMap<>();
        for (int i = 0; i < indexes.size(); i++) {
            if (!indexes.get(i).matches("[0-9]{1,9}")) {
                return Optional.empty();
            }
            byIndex.put(Integer.valueOf(indexes.get(i)), names.get(i));
        }
        List<String> ordered = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = byIndex.get(i);
            if (name == null) {
                return Optional.empty();
            }
            ordered.add(name);
        }
        return Optional.of(ordered);
    }

    private static Optional<List<String>> scalars(List<Node> nodes) {
        List<String> texts = new ArrayList<>();
        for (Node each : nodes) {
            if (!(each instanceof ScalarNode scalar)) {
                return Optional.empty();
            }
            texts.add(scalar.getValue());
        }
        return Optional.of(texts);
    }
}
