package io.acclimate.app.bench.adapt;

import io.acclimate.dataset.Shift;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Which domain each image of a stream comes from.
 *
 * @param first the domain in which the stream begins
 * @param second the domain that replaces it later; the same as {@code first} in a steady stream
 */
record StreamPlan(Course course, Shift first, Shift second) {
    enum Course {
        STEADY,
        /** After a third of the stream, all images come from the second domain. */
        ABRUPT,
        /** The share of the second domain grows from nothing at a quarter of the stream to everything at three quarters. */
        GRADUAL,
        /** Only the middle third of the stream comes from the second domain. */
        ABA
    }

    static final String FORMS = "SHIFT, abrupt:SHIFT, gradual:SHIFT or aba:SHIFT:SHIFT";

    /** @throws IllegalArgumentException when {@code name} is not of one of {@link #FORMS} */
    static StreamPlan parse(String name) {
        List<String> words = List.of(name.split(":", -1));
        boolean steady = words.size() == 1;
        Course course = steady ? Course.STEADY : constant(Course.class, words.get(0), name);
        int wanted = course == Course.ABA ? 3 : steady ? 1 : 2;
        if ((course == Course.STEADY && !steady) || words.size() != wanted) {
            throw new IllegalArgumentException("a stream is " + FORMS + ", got '" + name + "'");
        }
        Shift last = constant(Shift.class, words.get(words.size() - 1), name);
        return switch (course) {
            case STEADY -> new StreamPlan(course, last, last);
            case ABRUPT, GRADUAL -> new StreamPlan(course, Shift.NONE, last);
            case ABA -> new StreamPlan(course, constant(Shift.class, words.get(1), name), last);
        };
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> each.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a stream is " + FORMS + " with a shift of "
                        + Arrays.toString(Shift.values()) + ", got '" + name + "'"));
    }

    /** The domain from which image {@code index} of {@code count} comes. */
    Shift at(int index, int count, SplittableRandom random) {
        double share =
                switch (course) {
                    case STEADY -> 0;
                    case ABRUPT -> index < count / 3 ? 0 : 1;
                    case GRADUAL -> 2.0 * index / count - 0.5;
                    case ABA -> index < count / 3 || index >= count - count / 3 ? 0 : 1;
                };
        return random.nextDouble() < share ? second : first;
    }

    /** The domain in which the stream ends. */
    Shift last() {
        return course == Course.ABA ? first : second;
    }

    String label() {
        String from = first.name().toLowerCase(Locale.ROOT);
        String to = second.name().toLowerCase(Locale.ROOT);
        return switch (course) {
            case STEADY -> to;
            case ABRUPT -> "abrupt:" + to;
            case GRADUAL -> "gradual:" + to;
            case ABA -> "aba:" + from + ":" + to;
        };
    }
}
