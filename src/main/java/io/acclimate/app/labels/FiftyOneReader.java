package io.acclimate.app.labels;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Reads FiftyOne's two exports: {@code labels.json} of FiftyOneImageClassificationDataset, whose numbers are indices of the file's own
 * list of classes, and {@code samples.json} of FiftyOneDataset. A sample may have a field of labels by a person and another of a model's
 * predictions. Only {@code ground_truth} is taken without being asked for, since predictions must never become labels unnoticed.
 */
final class FiftyOneReader implements LabelReader {
    private static final String GROUND_TRUTH = "ground_truth";

    @Override
    public void read(Path file, Fields fields, Consumer<Marking> sink) throws IOException {
        List<String> classes = new ArrayList<>();
        // Targets are kept until the whole file is read, because the list of classes may come after them.
        Map<String, List<JsonNode>> targets = new LinkedHashMap<>();
        Set<String> sampleFields = new TreeSet<>();
        JsonItems.members(
                file,
                Map.of(
                        "classes", (name, each) -> classes.add(each.asText()),
                        "labels", (name, target) -> targets.put(name, targets(target)),
                        "samples",
                                (name, sample) -> {
                                    sample.fieldNames().forEachRemaining(sampleFields::add);
                                    sink.accept(sample(sample, fields));
                                }));
        fields.requireLabel("field", sampleFields);
        targets.forEach((image, each) -> {
            Set<ToolClass> found = new LinkedHashSet<>();
            each.forEach(target -> found.add(named(target, classes)));
            sink.accept(Marking.of(ImageReference.file(image), found));
        });
    }

    /** One target or several: a string, a number, or an object that has one of them as its label. */
    private static List<JsonNode> targets(JsonNode target) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode each : target.isArray() ? target : List.of(target)) {
            JsonNode value = each.isObject() ? each.path("label") : each;
            if (value.isNull()) {
                continue;
            }
            if (!value.isTextual() && !value.isIntegralNumber()) {
                throw new InvalidLabelFileException(
                        "a label is a string, a whole number or an object with a label, got " + each);
            }
            all.add(value);
        }
        return all;
    }

    private static ToolClass named(JsonNode target, List<String> classes) {
        if (target.isTextual()) {
            return ToolClass.named(target.asText());
        }
        int index = target.asInt(-1);
        return index >= 0 && index < classes.size()
                ? ToolClass.named(classes.get(index))
                : ToolClass.numbered(target.asText());
    }

    private static Marking sample(JsonNode sample, Fields fields) throws IOException {
        ImageReference image = fields.id().isPresent()
                ? ImageReference.id(sample.path(fields.id().get()).asText())
                : ImageReference.file(sample.path("filepath").asText());
        String field = fields.label().orElse(GROUND_TRUTH);
        if (fields.label().isEmpty() && !sample.has(GROUND_TRUTH)) {
            Set<String> candidates = labelFields(sample);
            if (!candidates.isEmpty()) {
                throw Fields.unclear("the labels of people", "--label-field", candidates);
            }
        }
        Set<ToolClass> classes = new LinkedHashSet<>();
        JsonNode labels = sample.path(field);
        for (String list : List.of("classifications", "detections")) {
            labels.path(list).forEach(each -> add(each, classes));
        }
        add(labels, classes);
        return Marking.of(image, classes);
    }

    private static void add(JsonNode label, Set<ToolClass> classes) {
        if (label.path("label").isTextual()) {
            classes.add(ToolClass.named(label.path("label").asText()));
        }
    }

    private static Set<String> labelFields(JsonNode sample) {
        Set<String> names = new TreeSet<>();
        sample.properties().forEach(member -> {
            String type = member.getValue().path("_cls").asText();
            if (List.of("Classification", "Classifications", "Detections").contains(type)) {
                names.add(member.getKey());
            }
        });
        return names;
    }
}
