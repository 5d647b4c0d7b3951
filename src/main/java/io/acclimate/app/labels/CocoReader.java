package io.acclimate.app.labels;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads COCO's object annotations, as CVAT and others export them. Ids of categories are no indices: they begin anywhere and have gaps, so
 * that an annotation gets its category's name. An image is of one class when all its objects are.
 */
final class CocoReader implements LabelReader {
    @Override
    public void read(Path file, Fields fields, Consumer<Marking> sink) throws IOException {
        // Ids are compared as text, since tools write them as numbers or strings.
        Map<String, ImageReference> images = new LinkedHashMap<>();
        Map<String, String> categories = new HashMap<>();
        Map<String, Set<String>> objects = new HashMap<>();
        JsonItems.members(
                file,
                Map.of(
                        "images",
                        (name, image) -> {
                            String id = text(image, "id", "an image");
                            ImageReference reference = reference(image, fields);
                            ImageReference before = images.put(id, reference);
                            unique("images", id, before == null ? reference.text() : before.text(), reference.text());
                        },
                        "categories",
                        (name, each) -> {
                            String id = text(each, "id", "a category");
                            String category = text(each, "name", "a category");
                            String before = categories.put(id, category);
                            unique("categories", id, before == null ? category : before, category);
                        },
                        "annotations",
                        (name, each) -> objects.computeIfAbsent(
                                        text(each, "image_id", "an annotation"), id -> new LinkedHashSet<>())
                                .add(text(each, "category_id", "an annotation"))));
        for (String image : objects.keySet()) {
            if (!images.containsKey(image)) {
                throw new InvalidLabelFileException("an annotation has image_id " + image + ", which no image has");
            }
        }
        images.forEach((id, image) -> {
            Set<ToolClass> classes = new LinkedHashSet<>();
            for (String category : objects.getOrDefault(id, Set.of())) {
                String name = categories.get(category);
                classes.add(name == null ? ToolClass.numbered(category) : ToolClass.named(name));
            }
            sink.accept(Marking.of(image, classes));
        });
    }

    /** Refuses an id that two things share, because annotations name only the id. Files that were merged by hand often have such ids. */
    private static void unique(String things, String id, String before, String now) throws IOException {
        if (!before.equals(now)) {
            throw new InvalidLabelFileException("two " + things + " have id " + id + ", '" + before + "' and '" + now
                    + "': each needs an id of its own");
        }
    }

    private static ImageReference reference(JsonNode image, Fields fields) throws IOException {
        return fields.id().isPresent()
                ? ImageReference.id(text(image, fields.id().get(), "an image"))
                : ImageReference.file(text(image, "file_name", "an image"));
    }

    private static String text(JsonNode node, String member, String what) throws IOException {
        JsonNode value = node.path(member);
        if (!value.isTextual() && !value.isNumber()) {
            throw new InvalidLabelFileException(what + " needs " + member + ", a string or number, got "
                    + (value.isMissingNode() ? "none" : value.toString()));
        }
        return value.asText();
    }
}
