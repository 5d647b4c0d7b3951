package io.acclimate.app.labels;

import io.acclimate.core.ImageId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides what becomes of each image of a file. An image gets a label when the file gives it one class, and the model has that class.
 * Collects markings first, since a file may mark an image more than once.
 */
final class ImportPlan {
    /** A label to send. */
    record Label(String image, int index) {}

    /** Why an image gets no label. */
    enum Without {
        UNLABELLED("nobody labelled it"),
        SKIPPED("the annotator skipped it"),
        SEVERAL_CLASSES("it has several classes"),
        SHARED_ID("other images have the same id: take another --image-id"),
        INVALID_ID("an image id has 1 to " + ImageId.MAX_LENGTH + " characters");

        private final String words;

        Without(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** The tool's name of a class that was matched, and the index of that class. */
    record Match(String name, int index) {}

    /**
     * What becomes of all images.
     *
     * @param matched how many labels each match has
     * @param unmatched how many labels each class of the tool has that is none of the model
     * @param without the ids of images without a label, by the reason
     * @param images how many images the file names
     */
    record Result(
            List<Label> labels,
            Map<Match, Integer> matched,
            Map<ToolClass, Integer> unmatched,
            Map<Without, List<String>> without,
            int images) {}

    private static final class Seen {
        final Set<String> references = new LinkedHashSet<>();
        final Set<ToolClass> classes = new LinkedHashSet<>();
        boolean skipped;
    }

    private final ImageReference.Rule rule;
    private final String prefix;
    private final Map<String, Seen> images = new LinkedHashMap<>();

    /** @param prefix is put before each id */
    ImportPlan(ImageReference.Rule rule, String prefix) {
        this.rule = rule;
        this.prefix = prefix;
    }

    void add(Marking marking) {
        String id = marking.image().id(rule);
        Seen seen = images.computeIfAbsent(id.isEmpty() ? "" : prefix + id, each -> new Seen());
        seen.references.add(marking.image().text());
        seen.classes.addAll(marking.classes());
        seen.skipped |= marking.skipped();
    }

    Result decide(ClassMatch match) {
        List<Label> labels = new ArrayList<>();
        Map<Match, Integer> matched = new LinkedHashMap<>();
        Map<ToolClass, Integer> unmatched = new LinkedHashMap<>();
        Map<Without, List<String>> without = new TreeMap<>();
        for (Entry<String, Seen> each : images.entrySet()) {
            String id = each.getKey();
            Seen seen = each.getValue();
            if (seen.references.size() > 1) {
                without.computeIfAbsent(Without.SHARED_ID, reason -> new ArrayList<>())
                        .add(id);
            } else if (id.isEmpty() || id.length() > ImageId.MAX_LENGTH) {
                without.computeIfAbsent(Without.INVALID_ID, reason -> new ArrayList<>())
                        .add(id);
            } else if (seen.classes.isEmpty()) {
                without.computeIfAbsent(
                                seen.skipped ? Without.SKIPPED : Without.UNLABELLED, reason -> new ArrayList<>())
                        .add(id);
            } else if (seen.classes.size() > 1) {
                without.computeIfAbsent(Without.SEVERAL_CLASSES, reason -> new ArrayList<>())
                        .add(id);
            } else {
                ToolClass tool = seen.classes.iterator().next();
                OptionalInt index = match.of(tool);
                if (index.isPresent()) {
                    labels.add(new Label(id, index.getAsInt()));
                    matched.merge(new Match(tool.text(), index.getAsInt()), 1, Integer::sum);
                } else {
                    unmatched.merge(tool, 1, Integer::sum);
                }
            }
        }
        return new Result(labels, matched, unmatched, without, images.size());
    }
}
