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
                        (name, image) -> images.put(text(image, "id", "an image"), reference(image, fields)),
                        "categories",
                        (name, each) ->
                                categories.put(text(each, "id", "a category"), text(each, "name", "a category")),
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
