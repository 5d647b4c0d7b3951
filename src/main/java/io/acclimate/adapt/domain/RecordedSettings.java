package io.acclimate.adapt.domain;

import io.acclimate.core.Digest;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Converts the settings that decide what is trained to named values for a version's provenance, and back. The records' components are
 * read by reflection, so that a new setting is in the provenance of the next version without further code: a rebuild that did not know
 * of it would blame the machine for the difference.
 */
public final class RecordedSettings {
    /** Settings that do not change what is trained. */
    private static final Set<String> LEARNS_THE_SAME = Set.of("group", "instance", "events", "snapshotEvery");

    private static final List<Class<?>> PLAIN =
            List.of(int.class, long.class, double.class, boolean.class, String.class);

    private RecordedSettings() {}

    public static SortedMap<String, String> of(AdaptSettings settings) {
        SortedMap<String, String> all = new TreeMap<>();
        write(settings, "", all);
        return all;
    }

    /** Equal for workers that would train the same versions: with equal settings, base model with its label set, and source set. */
    public static String id(AdaptSettings settings, Digest base, String source) {
        String all = of(settings) + base.hex() + source;
        return Digest.of(all.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
    }

    private static void write(Record from, String prefix, Map<String, String> into) {
        for (RecordComponent each : from.getClass().getRecordComponents()) {
            Object value = read(from, each);
            if (value instanceof Record nested) {
                write(nested, prefix + each.getName() + ".", into);
            } else if (!LEARNS_THE_SAME.contains(each.getName())) {
                into.put(prefix + each.getName(), text(value));
            }
        }
    }

    private static String text(Object value) {
        return value instanceof Enum<?> named ? named.name() : String.valueOf(value);
    }

    /** {@code settings} with the recorded values in their place. The names without a recorded value are added to {@code missing}. */
    public static AdaptSettings over(AdaptSettings settings, Map<String, String> recorded, Set<String> missing) {
        return over(settings, "", recorded, missing);
    }

    private static <R extends Record> R over(
            R settings, String prefix, Map<String, String> recorded, Set<String> missing) {
        RecordComponent[] components = settings.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent each = components[i];
            types[i] = each.getType();
            Object own = read(settings, each);
            String name = prefix + each.getName();
            String text = recorded.get(name);
            if (own instanceof Record nested) {
                values[i] = over(nested, name + ".", recorded, missing);
            } else if (LEARNS_THE_SAME.contains(each.getName())) {
                values[i] = own;
            } else if (text == null) {
                missing.add(name);
                values[i] = own;
            } else {
                values[i] = parse(text, each.getType(), name);
            }
        }
        try {
            @SuppressWarnings("unchecked") // the class of settings is R
            Constructor<R> constructor = (Constructor<R>) settings.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("the recorded settings cannot be used: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record has its canonical constructor", e);
        }
    }

    private static Object parse(String text, Class<?> type, String name) {
        try {
            if (type.isEnum()) {
                for (Object constant : type.getEnumConstants()) {
                    if (((Enum<?>) constant).name().equals(text)) {
                        return constant;
                    }
                }
                throw new IllegalArgumentException("no such value");
            }
            return switch (PLAIN.indexOf(type)) {
                case 0 -> Integer.valueOf(text);
                case 1 -> Long.valueOf(text);
                case 2 -> Double.valueOf(text);
                case 3 -> Boolean.valueOf(text);
                case 4 -> text;
                default -> throw new IllegalStateException("a setting of type " + type + " cannot be recorded");
            };
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the recorded setting " + name + "=" + text + " is unreadable", e);
        }
    }

    private static Object read(Record from, RecordComponent component) {
        try {
            return component.getAccessor().invoke(from);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record's accessor can be called", e);
        }
    }

    /** Those of {@code names} for which both maps have a value, and not the same. */
    public static Set<String> differing(Map<String, String> one, Map<String, String> other, Set<String> names) {
        Set<String> differing = new TreeSet<>();
        for (String name : names) {
            String mine = one.get(name);
            String theirs = other.get(name);
            if (mine != null && theirs != null && !mine.equals(theirs)) {
                differing.add(name);
            }
        }
        return differing;
    }
}
