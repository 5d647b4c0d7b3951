package io.acclimate.app.labels;

import io.acclimate.core.ClassNames;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Finds the model's class for a class of the tool: what the user says of the name comes first, then the same name, then a name that differs
 * in case, spaces, hyphens and underscores alone, if one class only has such a name. Names that differ in more match nothing.
 */
final class ClassMatch {
    private static final int TWICE = -1;

    private final ClassNames classes;
    private final Map<String, Integer> given = new LinkedHashMap<>();
    private final Map<String, Integer> folded = new HashMap<>();
    private final boolean indices;

    /**
     * @param given names or ids of the tool, each with a class name or index of the model
     * @param indices true when digits that are no class name are indices of the model
     */
    ClassMatch(ClassNames classes, Map<String, String> given, boolean indices) {
        this.classes = classes;
        this.indices = indices;
        given.forEach((tool, target) -> this.given.put(
                tool,
                classes.resolve(target)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "'" + target + "', to which --map maps '" + tool + "', is no class of the model"))));
        for (int i = 0; i < classes.count(); i++) {
            folded.merge(fold(classes.name(i)), i, (one, other) -> TWICE);
        }
    }

    OptionalInt of(ToolClass each) {
        Integer said = given.get(each.text());
        if (said != null) {
            return OptionalInt.of(said);
        }
        if (each.kind() == ToolClass.Kind.ID) {
            return OptionalInt.empty();
        }
        OptionalInt same = each.kind() == ToolClass.Kind.DIGITS && indices
                ? classes.resolve(each.text())
                : classes.index(each.text());
        if (same.isPresent()) {
            return same;
        }
        int similar = folded.getOrDefault(fold(each.text()), TWICE);
        return similar == TWICE ? OptionalInt.empty() : OptionalInt.of(similar);
    }

    private static String fold(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", " ");
    }
}
