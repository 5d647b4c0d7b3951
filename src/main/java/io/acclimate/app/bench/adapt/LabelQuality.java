package io.acclimate.app.bench.adapt;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** What a stream's labels are worth. */
enum LabelQuality {
    CLEAN(0, Order.AS_SERVED),
    /** A fifth of the labels is drawn at random from all classes. */
    RANDOM_20(0.2, Order.AS_SERVED),
    RANDOM_40(0.4, Order.AS_SERVED),
    RANDOM_100(1, Order.AS_SERVED),
    /** Right labels, all of one class. */
    ONE_CLASS(0, Order.ONE_CLASS),
    /** Right labels: the first half all of one class, then of all classes. */
    ONE_CLASS_FIRST(0, Order.ONE_CLASS_FIRST),
    /** Right labels, all of the first class, then all of the second, and so on. */
    SORTED(0, Order.BY_CLASS),
    /** Each label names the class after the right one: a class list that is off by one. */
    SHIFTED(0, Order.AS_SERVED),
    /** Right labels of few pictures, which come over and over under other ids. */
    REPEATED(0, Order.REPEATED),
    REPEATED_RANDOM_40(0.4, Order.REPEATED),
    REPEATED_RANDOM_100(1, Order.REPEATED),
    /** The same, each time class by class, as folders of pictures are. */
    REPEATED_SORTED(0, Order.REPEATED_BY_LABEL),
    REPEATED_SORTED_RANDOM_40(0.4, Order.REPEATED_BY_LABEL),
    REPEATED_SORTED_RANDOM_100(1, Order.REPEATED_BY_LABEL);

    /** Pictures that repeated labels are of. */
    static final int REPEATED_PICTURES = 200;

    /** Which images are labelled in which order. */
    enum Order {
        AS_SERVED,
        ONE_CLASS,
        ONE_CLASS_FIRST,
        BY_CLASS,
        REPEATED,
        /** Sorted by what the labels say, whatever is right. */
        REPEATED_BY_LABEL;

        boolean repeats() {
            return this == REPEATED || this == REPEATED_BY_LABEL;
        }
    }

    static final String FORMS = Arrays.stream(values()).map(LabelQuality::label).collect(Collectors.joining(", "));

    private final double random;
    private final Order order;

    LabelQuality(double random, Order order) {
        this.random = random;
        this.order = order;
    }

    /** @throws IllegalArgumentException when there is none of this name */
    static LabelQuality parse(String name) {
        return Arrays.stream(values())
                .filter(each -> each.label().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("a label quality is one of " + FORMS + ", got '" + name + "'"));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Order order() {
        return order;
    }

    /** How many of so many labels are of a picture that had none before, at most. */
    int pictures(int labels) {
        return order.repeats() ? Math.min(labels, REPEATED_PICTURES) : labels;
    }

    /** The label that an image of class {@code truth} gets. */
    int of(int truth, int classes, SplittableRandom draw) {
        if (this == SHIFTED) {
            return (truth + 1) % classes;
        }
        return draw.nextDouble() < random ? draw.nextInt(classes) : truth;
    }
}
