package io.acclimate.app.labels;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Reads Label Studio's exports JSON and JSON-MIN. Of a task, cancelled annotations, drafts and predictions of a model do not count; where
 * an annotation is marked as ground truth, only such count. Choices are read, taxonomies, and labels of regions.
 */
final class LabelStudioReader implements LabelReader {
    private static final String IMAGE = "image";
    /** The control's name in Label Studio's template for image classification. */
    private static final String CHOICE = "choice";
    /** What JSON-MIN says of an annotation itself. */
    private static final Set<String> OF_ANNOTATION =
            Set.of("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time");

    @Override
    public void read(Path file, Fields fields, Consumer<Marking> sink) throws IOException {
        Set<String> controls = new TreeSet<>();
        Set<String> flatFields = new TreeSet<>();
        JsonItems.elements(file, (name, task) -> {
            if (task.path("data").isObject()) {
                controls.addAll(controls(task));
                sink.accept(task(task, fields));
            } else {
                flatFields.addAll(names(task, OF_ANNOTATION));
                sink.accept(flat(task, fields));
            }
        });
        fields.requireLabel("control", controls);
        fields.requireLabel("field", flatFields);
    }

    private static Set<String> controls(JsonNode task) {
        Set<String> controls = new TreeSet<>();
        for (JsonNode annotation : task.path("annotations")) {
            annotation
                    .path("result")
                    .forEach(each -> controls.add(each.path("from_name").asText()));
        }
        return controls;
    }

    private static Marking task(JsonNode task, Fields fields) throws IOException {
        ImageReference image = image(task.path("data"), fields, Set.of());
        boolean groundTruth = false;
        for (JsonNode each : task.path("annotations")) {
            groundTruth |= each.path("ground_truth").asBoolean();
        }
        Set<ToolClass> classes = new LinkedHashSet<>();
        Set<String> controls = new TreeSet<>();
        boolean cancelled = false;
        for (JsonNode each : task.path("annotations")) {
            if (each.path("was_cancelled").asBoolean()) {
                cancelled = true;
            } else if (!groundTruth || each.path("ground_truth").asBoolean()) {
                collect(each.path("result"), fields, classes, controls);
            }
        }
        if (controls.size() > 1 && fields.label().isEmpty()) {
            throw Fields.unclear("the class", "--label-field", controls);
        }
        return new Marking(image, classes, cancelled && classes.isEmpty());
    }

    private static void collect(JsonNode results, Fields fields, Set<ToolClass> classes, Set<String> controls) {
        for (JsonNode each : results) {
            String control = each.path("from_name").asText();
            // The answer stands under the name of its type: choices, taxonomy, rectanglelabels and so on.
            JsonNode answer = each.path("value").path(each.path("type").asText());
            if (answer.isArray()
                    && (fields.label().isEmpty() || fields.label().get().equals(control))) {
                controls.add(control);
                answers(answer, classes);
            }
        }
    }

    /** A taxonomy's answer is a path, whose last part is the class. */
    private static void answers(JsonNode answer, Set<ToolClass> classes) {
        for (JsonNode each : answer) {
            JsonNode name = each.isArray() ? each.path(each.size() - 1) : each;
            if (name.isTextual()) {
                classes.add(ToolClass.named(name.asText()));
            }
        }
    }

    private static Marking flat(JsonNode task, Fields fields) throws IOException {
        String field = fields.label().orElse(CHOICE);
        ImageReference image = image(task, fields, OF_ANNOTATION);
        JsonNode answer = task.path(field);
        if (fields.label().isEmpty() && answer.isMissingNode()) {
            Set<String> others = names(task, OF_ANNOTATION);
            others.remove(IMAGE);
            if (!others.isEmpty()) {
                throw Fields.unclear("the class", "--label-field", others);
            }
        }
        Set<ToolClass> classes = new LinkedHashSet<>();
        flatAnswer(answer, classes);
        return Marking.of(image, classes);
    }

    /** One choice is a text and several are in an object. An array has an element for each region, taxonomy or choice of a region. */
    private static void flatAnswer(JsonNode answer, Set<ToolClass> classes) {
        if (answer.isTextual()) {
            classes.add(ToolClass.named(answer.asText()));
        } else if (answer.isArray()) {
            answers(answer, classes);
            for (JsonNode each : answer) {
                if (each.isObject()) {
                    flatAnswer(each, classes);
                }
            }
        } else {
            answer.properties().forEach(member -> {
                String type = member.getKey();
                if (type.endsWith("labels") || type.equals("choices") || type.equals("taxonomy")) {
                    answers(member.getValue(), classes);
                }
            });
        }
    }

    private static ImageReference image(JsonNode data, Fields fields, Set<String> never) throws IOException {
        if (fields.id().isPresent()) {
            JsonNode id = data.path(fields.id().get());
            if (!id.isTextual() && !id.isNumber()) {
                throw new InvalidLabelFileException(
                        "a task has no " + fields.id().get() + ", which --id-field names, in " + names(data, never));
            }
            return ImageReference.id(id.asText());
        }
        Set<String> names = names(data, never);
        String field =
                data.has(IMAGE) || names.isEmpty() ? IMAGE : names.iterator().next();
        if (!data.has(IMAGE) && names.size() != 1) {
            throw Fields.unclear("the image's id", "--id-field", names);
        }
        return ImageReference.file(data.path(field).asText());
    }

    private static Set<String> names(JsonNode object, Set<String> never) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        names.removeAll(never);
        return names;
    }
}
