package io.acclimate.web;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.BiPredicate;

/** Keeps the newest items, at most a given number of them. Not thread-safe. */
final class Recent<T> {
    private final int limit;
    private final Deque<T> items = new ArrayDeque<>();

    Recent(int limit) {
        this.limit = limit;
    }

    void add(T item) {
        items.addLast(item);
        if (items.size() > limit) {
            items.removeFirst();
        }
    }

    /** Adds the item in the place of the newest one if that is alike. */
    void addOrReplace(T item, BiPredicate<T, T> alike) {
        if (!items.isEmpty() && alike.test(items.getLast(), item)) {
            items.removeLast();
        }
        add(item);
    }

    /** The items, the newest last. */
    List<T> all() {
        return List.copyOf(items);
    }

    /** The items, the newest first. */
    List<T> newestFirst() {
        List<T> reversed = new ArrayList<>(items);
        Collections.reverse(reversed);
        return reversed;
    }
}
