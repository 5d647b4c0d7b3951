package io.acclimate.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The classes of a model in index order. */
public final class ClassNames {
    private final List<String> names;
    private final Map<String, Integer> indexes = new HashMap<>();

    public ClassNames(List<String> names) {
        this.names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a classifier has at least one class");
        }
        for (int i = 0; i < names.size(); i++) {
            Integer earlier = indexes.put(names.get(i), i);
            if (earlier != null) {
                throw new IllegalArgumentException(
                        "class names must differ, '" + names.get(i) + "' is class " + earlier + " and " + i);
            }
        }
    }

    public int count() {
        return names.size();
    }

    public String name(int index) {
        return names.get(index);
    }

    public List<String> names() {
        return names;
    }

    /** True when they are 0, 1, 2 and so on, as those of a model that does not name its classes. */
    public boolean areNumbers() {
        return IntStream.range(0, names.size())
                .allMatch(index -> names.get(index).equals(Integer.toString(index)));
    }

    /** The index of the class with exactly this name. */
    public OptionalInt index(String name) {
        Integer index = indexes.get(name);
        return index == null ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /** Matches a label as a class name first and then as an index in decimal digits. Empty if it is neither. */
    public OptionalInt resolve(String label) {
        Integer index = indexes.get(label);
        if (index != null) {
            return OptionalInt.of(index);
        }
        if (label.isEmpty() || label.length() > 9 || !label.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(label);
        return number < names.size() ? OptionalInt.of(number) : OptionalInt.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClassNames that && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return names.size() + " classes";
    }
}
